//! A label as text, SVG, HTML and Markdown.
