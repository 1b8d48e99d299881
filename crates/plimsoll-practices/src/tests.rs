//! The built-in practices are right, and each way to break them is told.

use std::{collections::BTreeMap, sync::LazyLock};

use plimsoll_model::Assurance;

use super::*;

/// Every kind that the collectors state, as the reference lists them. plimsoll-cli has a test that it lists what they state.
pub(crate) static KINDS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let (kinds, _) = include_str!("../../../docs/evidence.md").split_once("\n## ").unwrap();
    kinds.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect()
});

#[test]
fn the_built_in_practices_are_valid_and_whole() {
    let practices = Practices::embedded(&KINDS).unwrap_or_else(|problems| panic!("{problems}"));
    let report = practices.report();
    let in_labels: Vec<&str> = practices.catalogs().iter().map(|catalog| catalog.id.as_str()).collect();
    assert_eq!(in_labels, ["cswp-23", "slsa-build-1.2", "slsa-source-1.2", "ssdf-1.1"]);
    let others: Vec<&str> = practices.all_catalogs()[4..].iter().map(|catalog| catalog.id.as_str()).collect();
    assert!(others.contains(&"eu-cra-2024-2847") && others.contains(&"ssdf-1.2-draft"), "{others:?}");
    for (id, count) in [("cswp-23", 19), ("slsa-build-1.2", 3), ("slsa-source-1.2", 4), ("ssdf-1.1", 42)] {
        let (_, _, entries, _, _) = report.catalogs.iter().find(|catalog| catalog.0 == id).unwrap();
        assert_eq!(*entries, count, "{id}");
    }
    let pending: Vec<_> = report.tiers.iter().map(|tier| (tier.level, tier.pending.len())).collect();
    assert_eq!(pending[..3], [(0, 0), (1, 0), (2, 0)]);
    assert_eq!(pending[3..], [(3, 0), (4, 0)]);
    // What is not recognised in source holds up only products to which it applies.
    let unless: Vec<_> =
        report.tiers[4].unless_not_applicable.iter().map(|(id, _, why)| (id.as_str(), why.is_empty())).collect();
    assert_eq!(unless, [("cswp-23/C.3", false), ("cswp-23/C.5", false)]);
    assert!(report.tiers[3].unless_not_applicable.is_empty());
}

fn catalog<'p>(practices: &'p Practices, id: &str) -> &'p Catalog {
    practices.catalogs().iter().find(|catalog| catalog.id == id).unwrap_or_else(|| panic!("no catalog {id}"))
}

#[test]
fn the_ids_are_those_of_the_standards() {
    let practices = Practices::embedded(&KINDS).unwrap();
    let ids = |id: &str| catalog(&practices, id).entries.iter().map(|entry| entry.id.clone()).collect::<Vec<_>>();
    insta::assert_snapshot!(ids("cswp-23").join(" "), @"D.1 D.2 D.3 D.4 D.5 D.6 D.7 S.1 S.2 C.1 C.2 C.3 C.4 C.5 P.1 P.2 P.3 P.4 P.5");
    insta::assert_snapshot!(ids("slsa-build-1.2").join(" "), @"Build.L1 Build.L2 Build.L3");
    insta::assert_snapshot!(ids("slsa-source-1.2").join(" "), @"Source.L1 Source.L2 Source.L3 Source.L4");
    insta::assert_snapshot!(ids("ssdf-1.1").join(" "), @"PO.1.1 PO.1.2 PO.1.3 PO.2.1 PO.2.2 PO.2.3 PO.3.1 PO.3.2 PO.3.3 PO.4.1 PO.4.2 PO.5.1 PO.5.2 PS.1.1 PS.2.1 PS.3.1 PS.3.2 PW.1.1 PW.1.2 PW.1.3 PW.2.1 PW.4.1 PW.4.2 PW.4.4 PW.5.1 PW.6.1 PW.6.2 PW.7.1 PW.7.2 PW.8.1 PW.8.2 PW.9.1 PW.9.2 RV.1.1 RV.1.2 RV.1.3 RV.2.1 RV.2.2 RV.3.1 RV.3.2 RV.3.3 RV.3.4");
    insta::assert_snapshot!("criteria", practices.criteria().keys().cloned().collect::<Vec<_>>().join("\n"));
}

/// Where "not applicable" counts is part of what a tier asks: no accounts, no cryptography, no data kept.
#[test]
fn what_may_not_apply_is_stated() {
    let practices = Practices::embedded(&KINDS).unwrap();
    for (id, expected) in [
        ("cswp-23", "C.3 C.5 P.1 P.2 P.3 P.4 P.5"),
        ("slsa-build-1.2", ""),
        ("slsa-source-1.2", ""),
        ("ssdf-1.1", "PW.6.1 PW.6.2"),
    ] {
        let entries = catalog(&practices, id).entries.iter().filter(|entry| entry.may_not_apply);
        assert_eq!(entries.map(|entry| entry.id.as_str()).collect::<Vec<_>>().join(" "), expected, "{id}");
    }
}

/// What is to be copied is shown as it is, behind six blanks: a line that a terminal breaks is not copied whole.
#[test]
fn what_is_to_be_copied_fits_a_terminal() {
    let practices = Practices::embedded(&KINDS).unwrap();
    for criterion in practices.criteria().values() {
        for line in criterion.how.iter().flat_map(|how| how.lines.lines()) {
            assert!(line.chars().count() + 6 <= 80, "{}: {line}", criterion.id);
        }
    }
}

#[test]
fn every_task_has_to_be_answered() {
    let practices = Practices::embedded(&KINDS).unwrap();
    let files = embedded_files();
    for entry in &catalog(&practices, "ssdf-1.1").entries {
        let named = files["criteria/claims.toml"].matches(&format!("'{}'", entry.id)).count();
        assert_eq!(named, 2, "{} is not asked for in claims.practices-answered", entry.id);
    }
}

fn broken(file: &str, from: &str, to: &str) -> String {
    let mut files = embedded_files();
    let text = files.get_mut(file).unwrap_or_else(|| panic!("no {file}"));
    assert!(text.contains(from), "{file} does not hold {from}");
    *text = text.replacen(from, to, 1);
    match Practices::load(&files, &KINDS) {
        Ok(_) => panic!("{file}: {from} -> {to} was taken"),
        Err(problems) => problems.to_string(),
    }
}

#[test]
fn each_way_to_break_them_is_told() {
    let ci = "criteria/ci.toml";
    let ssdf = "catalogs/ssdf-1.1.toml";
    let cswp = "catalogs/cswp-23.toml";
    let tiers = "tiers/plimsoll.toml";
    let draft = "catalogs/ssdf-1.2-draft.toml";
    for (file, from, to, says) in [
        (
            ci,
            "needs = [\"workflow-job\"]",
            "needs = [\"workflow-jobs\"]",
            "which no collector states (did you mean \"workflow-job\"?)",
        ),
        (ci, "met = \"workflow_job.exists(", "met = \"workflow_jobs.exists(", "(did you mean \"workflow_job\"?)"),
        (ci, "met = \"workflow_job.exists(", "met = \"workflow_job.exists((", "not a CEL expression"),
        (ci, "id = \"ci.tests-gate\"", "id = \"CI tests\"", "no id of a criterion"),
        (ci, "id = \"ci.tests-gate\"", "id = \"ci.lint-gates\"", "ci.lint-gates appears twice"),
        (ci, "quantifier = \"some\"", "quantifier = \"any\"", "unknown variant `any`"),
        (ci, "assurance = \"observed\"", "assurance = \"verified\"", "without a `proof`"),
        (ci, "effort = \"hours\"", "efort = \"hours\"", "unknown field `efort`"),
        (ci, "examples = { met = [\"exemplary\"]", "examples = { met = []", "lacks an example"),
        (
            "criteria/workflows.toml",
            "workflow_action.size() > 0 && workflow_action.all(",
            "workflow_action.all(",
            "is met where there is no evidence",
        ),
        (
            "criteria/deps.toml",
            "needs = [\"lockfile\", \"workspace\", \"ecosystem\"]",
            "needs = [\"lockfile\", \"ecosystem\"]",
            "reads \"workspace\" without needing it",
        ),
        (ssdf, "entries = 42", "entries = 43", "none may be left out"),
        (ssdf, "id = \"PO.1.2\"", "id = \"PO.1.1\"", "PO.1.1 appears twice"),
        (
            ssdf,
            "supported-by = [\"policy.decisions\"]",
            "supported-by = [\"policy.contribute\"]",
            "which is no criterion (did you mean \"policy.contributing\"?)",
        ),
        (ssdf, "group = \"PO\"", "group = \"PX\"", "there is no group \"PX\""),
        (ssdf, "reach = \"observed\"", "reach = \"verified\"", "say why in `pending`"),
        (ssdf, "reach = \"observed\"", "reach = \"declared\"", "its criteria come to observed"),
        (
            ssdf,
            "ask = \"Are the rules for",
            "ask = \"(not-applicable?) Are the rules for",
            "which counts only with may-not-apply",
        ),
        (
            ssdf,
            "ask = \"Are the rules for",
            "may-not-apply = true\nask = \"Are the rules for",
            "its `ask` has to say when",
        ),
        (
            ssdf,
            "reach = \"observed\"",
            "reach = \"observed\"\nuncovered = \"much\"",
            "its criteria come to declared only",
        ),
        (ssdf, "reach = \"observed\"", "reach = \"declared\"\nuncovered = \" \"", "`uncovered` is empty"),
        (
            ssdf,
            "reach = \"declared\"\nask",
            "reach = \"declared\"\nuncovered = \"much\"\nask",
            "has no criterion, so that all of it is uncovered",
        ),
        (ssdf, "framework = \"ssdf\"", "framework = \"\"", "names no framework"),
        (ssdf, "id = \"ssdf-1.1\"", "id = \"SSDF 1.1\"", "is no id of a catalog"),
        (
            ssdf,
            "id = \"ssdf-1.1\"",
            "id = \"cswp-23\"",
            "there is another catalog \"cswp-23\"; give one of them another id",
        ),
        (
            draft,
            "extends = \"ssdf-1.1\"",
            "extends = \"ssdf-1.0\"",
            "there is no such catalog (did you mean \"ssdf-1.1\"?)",
        ),
        (draft, "extends = \"ssdf-1.1\"", "extends = \"ssdf-1.2-draft\"", "so that there is no circle"),
        (draft, "entries = 49", "entries = 42", "has 42 entries in the standard and 49 here"),
        (
            "catalogs/slsa-build.toml",
            "claimable = false\nsupported-by = [\"release.provenance-for-each\"]",
            "claimable = false\nuncovered = \"much\"\nsupported-by = [\"release.provenance-for-each\"]",
            "no criterion covers all of it and it cannot be claimed",
        ),
        (
            tiers,
            "\"ssdf-1.1/PO.3.1\"",
            "\"ssdf-1.2-draft/PO.3.1\"",
            "\"ssdf-1.2-draft\" and for \"ssdf-1.1\", two versions of one framework",
        ),
        (cswp, "may-not-apply = true\n", "", "C.3 asks for \"not-applicable\""),
        // Nothing takes the name of another catalog.
        (
            "catalogs/cisa-form.toml",
            "id = \"cisa-form-1.0\"",
            "id = \"ssdf\"",
            "\"ssdf\" is the framework of another catalog",
        ),
        (
            "catalogs/cisa-form.toml",
            "aliases = [\"cisa\"]",
            "aliases = [\"s2c2f\"]",
            "there is another catalog called \"s2c2f\"",
        ),
        (
            "catalogs/cra-article-25.toml",
            "title = \"Voluntary security attestation for open source (Cyber Resilience Act, Article 25): light template\"\nversion = \"0.1 (draft)\"",
            "title = \"Secure Software Development ATTESTATION form 1.0\"\nversion = \"1.0\"",
            "has the same title and version",
        ),
        (
            "catalogs/cra-article-25.toml",
            "may-not-apply = true\napplies-where",
            "applies-where",
            "QA.07 applies always; leave `applies-where` out",
        ),
        (
            cswp,
            "claimable = false",
            "claimable = false\nmay-not-apply = true",
            "D.1 may not apply, and no one can say so",
        ),
        (tiers, "\"ssdf-1.1/PO.3.1\"", "\"ssdf-1.1/PO.3.9\"", "is no entry and no criterion"),
        (tiers, "level = 2", "level = 5", "tiers go up from 0"),
        (
            tiers,
            "at = \"observed\"\nby = \"evidence\"\nentries = [\n",
            "at = \"corroborated\"\nby = \"evidence\"\nentries = [\n",
            "which nothing can come to",
        ),
        (tiers, "entries = [\"*\"]", "entries = [\"x\"]", "no cap for every other contradiction"),
        (tiers, "entry = \"cswp-23/D.1\"", "entry = \"cswp-23/D.9\"", "is no entry and no criterion"),
        (tiers, "needs = [\"secret\"]", "needs = [\"tag\"]", "reads \"secret\" without needing it"),
    ] {
        let message = broken(file, from, to);
        assert!(message.contains(says), "{from} -> {to}: {message}");
        assert!(message.starts_with("practices/"), "{message}");
    }
}

/// A name that one expression calls is a detour. It need not be one of its own where another definition uses it.
#[test]
fn every_definition_is_shared() {
    let practices = Practices::embedded(&KINDS).unwrap();
    let tiers = practices.tiers();
    let criteria = practices.criteria().values().flat_map(Criterion::expressions);
    let others = tiers.rows.iter().map(|row| &row.text).chain(tiers.ends.iter().map(|end| &end.days));
    let mut calls: BTreeMap<&str, usize> = BTreeMap::new();
    for name in criteria.chain(others).flat_map(Expression::definitions) {
        *calls.entry(name).or_default() += 1;
    }
    let text = &embedded_files()["vocabulary/plimsoll.toml"];
    for line in text.lines().filter_map(|line| line.strip_prefix("name = ")) {
        let name = line.trim_matches('"');
        let in_others = text.matches(&format!("{name}(")).count();
        assert!(calls.get(name).copied().unwrap_or_default() + in_others > 1, "{name} is called once or never");
    }
}

#[test]
fn what_is_used_by_nobody_is_told() {
    let message = broken("tiers/plimsoll.toml", ", \"claims.none-expired\"", "");
    assert!(message.contains("claims.none-expired is used by no entry, tier or row"), "{message}");
}

#[test]
fn there_is_exactly_one_file_of_tiers() {
    let mut files = embedded_files();
    files.insert("tiers/other.toml".to_owned(), files["tiers/plimsoll.toml"].clone());
    assert!(Practices::load(&files, &KINDS).unwrap_err().to_string().contains("there are 2"));
    assert!(Practices::load(&BTreeMap::new(), &KINDS).unwrap_err().to_string().contains("there are 0"));
}

/// What covers a part of an entry meets nothing, whatever its criteria come to.
#[test]
fn what_covers_a_part_is_met_by_the_makers_word_alone() {
    let practices = Practices::embedded(&KINDS).unwrap();
    let entries = practices.all_catalogs().iter().flat_map(|catalog| &catalog.entries);
    let partly: Vec<&Entry> = entries.filter(|entry| entry.uncovered.is_some()).collect();
    assert!(partly.len() > 60, "{}", partly.len());
    for entry in partly {
        assert!(entry.claimable && entry.reachable == Assurance::Declared, "{}", entry.id);
    }
}

/// One that extends another keeps its rows, puts its own in place of them or after those of the same group, and no others.
#[test]
fn a_catalog_that_extends_another_changes_it_nowhere() {
    let practices = Practices::embedded(&KINDS).unwrap();
    let ids = |id: &str| {
        let catalog = practices.catalog(id).unwrap();
        catalog.entries.iter().map(|entry| entry.id.clone()).collect::<Vec<_>>()
    };
    let (base, draft) = (ids("ssdf-1.1"), ids("ssdf-1.2-draft"));
    assert_eq!(draft.iter().filter(|id| base.contains(id)).cloned().collect::<Vec<_>>(), base);
    let place = |id: &str| draft.iter().position(|one| one == id).unwrap();
    assert!(place("PO.6.1") == place("PO.5.2") + 1 && place("PS.4.1") == place("PS.3.2") + 1);
    let of = |id: &str| practices.entry(&format!("{id}/RV.1.2")).unwrap();
    assert!(of("ssdf-1.1").uncovered.is_none() && of("ssdf-1.2-draft").uncovered.is_some());
}

/// A catalog of which a tier asks an entry is in every label.
#[test]
fn a_tier_can_ask_for_an_entry_of_any_catalog() {
    let mut files = embedded_files();
    let tiers = files.get_mut("tiers/plimsoll.toml").unwrap();
    *tiers = tiers.replacen(
        "\"cswp-23/C.1\", \"cswp-23/C.4\",",
        "\"cswp-23/C.1\", \"cswp-23/C.4\", \"osps-baseline-2026.08.28/LE-03.01\",",
        1,
    );
    let practices = Practices::load(&files, &KINDS).unwrap_or_else(|problems| panic!("{problems}"));
    assert!(practices.catalogs().iter().any(|catalog| catalog.id == "osps-baseline-2026.08.28"));
}
