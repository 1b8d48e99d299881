//! A label as text, SVG, HTML, Markdown, SARIF and lines for pipelines; the report of an audit as text, HTML and OSCAL.
//!
//! One decision shaped this crate: every form is a pure function of the label alone, and everything in a label is
//! treated as hostile text. The cost is that text is measured by a table of advance widths instead of by a font,
//! so that the SVG leaves more room than a font would need; what is won is the same bytes everywhere.

mod audit;
mod badge;
mod commands;
mod diff;
mod dispute;
mod env;
mod explain;
mod export;
mod face;
mod forecast;
mod forms;
mod frameworks;
mod gaps;
mod html;
mod link;
mod markdown;
mod measure;
mod oscal_parts;
mod paint;
mod qr;
mod report;
mod row;
mod sarif;
mod source;
mod summary;
mod svg;
mod text;
mod view;
mod words;

pub use audit::{audit_html, audit_text, oscal};
pub use badge::badge;
pub use diff::{diff_annotations, diff_env, diff_markdown, diff_text};
pub use dispute::dispute_text;
pub use env::env;
pub use explain::{explain, group};
pub use export::{assessment, declarations, junit, svr, vsa};
pub use face::{markdown, svg, text};
pub use forecast::{forecast_html, forecast_ics, forecast_text};
pub use forms::{AUDIT_FORMS, COMPARISON_FORMS, FORMS, Form};
pub use html::{anchor, html};
pub use markdown::{code as markdown_code, remedy as markdown_remedy, text as markdown_text};
pub use report::{report_html, report_markdown, report_text};
pub use sarif::sarif;
pub use summary::{annotations, summary};
pub use text::{Detail, TextOptions};
