//! A workflow that lies in another repository signs under one identity for everyone who calls it.

use super::*;
use crate::attestation::KnownIdentity;

/// A real attestation whose workflow is that of one repository, and whose run is that of another.
const FILE: &str = "slsa/bcr/MODULE.bazel.intoto.jsonl";
const OWN: &str = "github.com/aspect-build/rules_lint";
const OTHER: &str = "github.com/bazel-contrib/publish-to-bcr";
const ISSUER: &str = "https://token.actions.githubusercontent.com";

fn source(name: &str) -> SourceName {
    SourceName::read(name).unwrap()
}

/// How the identity is named by the trust policy: with these repositories, if at all.
fn trust(known: Option<&[&str]>) -> AttestationTrust {
    let mut trust = AttestationTrust::default();
    if let Some(run_of) = known {
        trust.add_identity(KnownIdentity {
            root: None,
            issuer: ISSUER.to_owned(),
            identities: vec![format!("https://{OTHER}/*")],
            run_of: run_of.iter().map(|name| source(name)).collect(),
            party: Some("maker".to_owned()),
        });
    }
    trust
}

#[test]
fn an_identity_that_every_caller_has_names_nobody_by_itself() {
    let Some(folder) = plimsoll_testkit::corpus() else { return };
    let file = std::fs::read(folder.join("sigstore").join(FILE)).unwrap();
    let all = Attestation::read_all(&file).unwrap();
    let plain = Question { issuer: Some(ISSUER.to_owned()), ..case_question_of(&Value::Null, &file) };
    let anybody = trust(None).find(&all[0], &plain);
    assert!(anybody.refusal.is_none() && !anybody.identified, "{:?}", anybody.refusal);
    let Some(Signer::Certificate { identity, .. }) = anybody.signer else { panic!("no certificate") };
    let exact = Some(IdentityRule::Exact(identity));
    let pattern = Some(IdentityRule::Pattern(regex::Regex::new(&format!("^https://{OTHER}/")).unwrap()));
    let named = |question: Question<'static>| Question { named: true, ..question };
    let asked = |identity: &Option<IdentityRule>| Question { identity: identity.clone(), ..plain.clone() };
    let run_of = |question: Question<'static>, name: &str| Question { run_of: Some(source(name)), ..question };
    let yes = [
        ("asked with its repository", trust(None), run_of(asked(&exact), OWN)),
        ("asked as a pattern with its repository", trust(None), run_of(asked(&pattern), OWN)),
        ("asked with its source", trust(None), Question { source: Some(source(OWN)), ..asked(&exact) }),
        ("the policy names the repository", trust(Some(&[OWN])), named(plain.clone())),
        ("the policy names two", trust(Some(&["github.com/acme/app", OWN])), named(plain.clone())),
        ("the question names what the policy does not", trust(Some(&[])), named(run_of(plain.clone(), OWN))),
    ];
    for (name, trust, question) in yes {
        let finding = trust.find(&all[0], &question);
        assert!(finding.refusal.is_none() && finding.identified, "{name}: {:?}", finding.refusal);
    }
    let no = [
        ("asked alone", trust(None), asked(&exact)),
        ("asked as a pattern alone", trust(None), asked(&pattern)),
        ("asked with the repository of the workflow", trust(None), run_of(asked(&exact), OTHER)),
        ("asked with another source", trust(None), Question { source: Some(source(OTHER)), ..asked(&exact) }),
        ("the policy names no repository", trust(Some(&[])), named(plain.clone())),
        ("the policy names another repository", trust(Some(&["github.com/acme/app"])), named(plain.clone())),
        ("the policy names that of the workflow", trust(Some(&[OTHER])), named(plain.clone())),
        ("the policy and the question differ", trust(Some(&[OTHER])), named(run_of(plain.clone(), OWN))),
        ("the repository alone names nobody", trust(None), named(run_of(plain.clone(), OWN))),
    ];
    for (name, trust, question) in no {
        let refusal = trust.find(&all[0], &question).refusal;
        assert!(refusal.is_some(), "{name}");
        println!("{name}: {}", refusal.unwrap().reason);
    }
    let unnamed = trust(Some(&[])).find(&all[0], &plain);
    assert!(unnamed.refusal.is_none() && !unnamed.identified && unnamed.party.is_none());
}
