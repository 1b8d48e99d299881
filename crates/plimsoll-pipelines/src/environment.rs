//! What the names of a step's environment are made of, so that a text is followed through them.

use std::{collections::BTreeMap, sync::Arc};

use super::expressions::{self, Expression};

/// Sources that are kept for one name, and taken from the environment as a whole.
const MOST_SOURCES: usize = 64;

/// The environment of a workflow, job or step, laid over the one around it.
#[derive(Debug, Default)]
pub(super) struct Environment {
    around: Option<Arc<Environment>>,
    /// By name in lower case.
    own: BTreeMap<String, Vec<Source>>,
    /// The values as they are written, by name.
    written: BTreeMap<String, String>,
    /// It sets names that are not known.
    unknown: bool,
}

/// A part of a text that is put in.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Source {
    /// The text of a context.
    Path(Vec<String>),
    /// The text of an expression that is not understood.
    Unread(String),
    /// More than is followed.
    TooMany,
}

impl Environment {
    /// Lays `own` over `around`. Values see what is around, and not each other.
    pub(super) fn over<'a>(around: &Arc<Self>, own: impl Iterator<Item = (&'a str, String)>) -> Arc<Self> {
        let written: BTreeMap<String, String> = own.map(|(name, value)| (name.to_owned(), value)).collect();
        if written.is_empty() {
            return Arc::clone(around);
        }
        let own =
            written.iter().map(|(name, value)| (name.to_ascii_lowercase(), bounded(around.sources(value)))).collect();
        Arc::new(Self { around: Some(Arc::clone(around)), own, written, unknown: false })
    }

    /// Lays names over `around` that are not known.
    pub(super) fn over_unknown(around: &Arc<Self>) -> Arc<Self> {
        Arc::new(Self { around: Some(Arc::clone(around)), unknown: true, ..Self::default() })
    }

    /// The values as they are written, inner layers before outer ones; absent where not all names are known.
    pub(super) fn written(&self) -> Option<Vec<(&str, &str)>> {
        let mut all = Vec::new();
        let mut environment = Some(self);
        while let Some(this) = environment {
            if this.unknown {
                return None;
            }
            all.extend(this.written.iter().map(|(name, value)| (name.as_str(), value.as_str())));
            environment = this.around.as_deref();
        }
        Some(all)
    }

    /// What the expressions in `text` put into it; names of the environment are replaced by what they are made of.
    pub(super) fn sources(&self, text: &str) -> Vec<Source> {
        let mut sources: Vec<Source> = Vec::new();
        for inside in expressions::inside(text) {
            match expressions::parse(inside) {
                Some(expression) => self.add(&expression, &mut sources),
                None => sources.push(Source::Unread(inside.to_ascii_lowercase())),
            }
        }
        sources
    }

    fn add(&self, expression: &Expression, sources: &mut Vec<Source>) {
        let mut paths = Vec::new();
        expression.carried(&mut paths);
        for path in paths {
            match path {
                [env, name] if env == "env" && name != "*" => match self.named(name) {
                    Some(known) => sources.extend(known.iter().cloned()),
                    None => sources.push(Source::Path(path.to_vec())),
                },
                [env, ..] if env == "env" => sources.extend(self.all()),
                _ => sources.push(Source::Path(path.to_vec())),
            }
        }
    }

    /// What one name is made of; absent where only a script can have set it.
    pub(super) fn named(&self, name: &str) -> Option<&[Source]> {
        let mut environment = Some(self);
        let name = name.to_ascii_lowercase();
        while let Some(this) = environment {
            if let Some(sources) = this.own.get(&name) {
                return Some(sources);
            }
            environment = this.around.as_deref();
        }
        None
    }

    fn all(&self) -> Vec<Source> {
        let mut all = Vec::new();
        let mut environment = Some(self);
        while let Some(this) = environment {
            all.extend(this.own.values().flatten().take(MOST_SOURCES + 1).cloned());
            environment = this.around.as_deref();
        }
        bounded(all)
    }
}

fn bounded(sources: Vec<Source>) -> Vec<Source> {
    if sources.len() > MOST_SOURCES { vec![Source::TooMany] } else { sources }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn over(around: &Arc<Environment>, own: &[(&str, &str)]) -> Arc<Environment> {
        Environment::over(around, own.iter().map(|(name, value)| (*name, (*value).to_owned())))
    }

    #[test]
    fn a_text_is_followed_through_every_layer() {
        let path = |text: &str| Source::Path(text.split('.').map(ToOwned::to_owned).collect());
        let workflow =
            over(&Arc::default(), &[("SHA", "x${{ github.event.pull_request.head.sha }}"), ("B", "${{ github.sha }}")]);
        let job = over(&workflow, &[("C", "${{ env.sha }}"), ("B", "plain")]);
        let step = over(&job, &[]);
        assert_eq!(step.sources("${{ env.SHA }}"), [path("github.event.pull_request.head.sha")]);
        assert_eq!(step.sources("${{ env['c'] }}"), [path("github.event.pull_request.head.sha")]);
        assert_eq!(step.sources("${{ env.B }}"), []);
        assert_eq!(step.sources("${{ env.D }}"), [path("env.d")]);
        assert_eq!(step.sources("${{ toJSON(env) }}").len(), 3);
        assert_eq!(step.sources("${{ a b }}"), [Source::Unread(" a b ".to_owned())]);
        assert_eq!(step.sources("${{ never closed"), [Source::Unread(" never closed".to_owned())]);
        let many = "${{ github.sha }}".repeat(1000);
        assert_eq!(over(&step, &[("A", &many)]).sources("${{ env.A }}"), [Source::TooMany]);
        assert_eq!(step.sources(&many).len(), 1000);
    }
}
