use crate::{
    Cause, Component, Gitlink, Inventory, Options, Source, SourceFile, Survey, UnreadFile, component::Origin,
    inventory, test_support,
};
use plimsoll_model::body::Reach;

const ID: &str = "0123456789012345678901234567890123456789";

const NAMES: &str = "
[submodule \"one\"]
    path = libs/one
    url = https://me:word@GitHub.com/Owner/One.git
[submodule \"two\"]
    path = libs/two/
    url = git@g.example:team/two.git
";

/// What a tree comes to with a `.gitmodules` and submodules, by path and class.
fn of(names: Option<&str>, links: &[(&str, &str)]) -> Inventory {
    let mut survey = Survey::default();
    let mut gitlinks = Vec::new();
    for (path, class) in links {
        survey.submodule(path, class);
        gitlinks.push(Gitlink { path: (*path).to_owned(), commit: ID.to_owned(), class: (*class).to_owned() });
    }
    let files: Vec<SourceFile> = names.map(|text| test_support::file(".gitmodules", text)).into_iter().collect();
    inventory(&files, &survey, &Options { gitlinks: Some(gitlinks), ..test_support::lockfile_only() })
}

/// What the gaps say beside that what is inside is not known.
fn faults(inventory: &Inventory) -> Vec<&str> {
    assert!(inventory.gaps.iter().all(|gap| gap.cause == Cause::NotListed), "{:?}", inventory.gaps);
    let gaps = inventory.gaps.iter().map(|gap| gap.reason.as_str());
    gaps.filter(|reason| !reason.starts_with("git-submodule is not checked")).collect()
}

fn purls(inventory: &Inventory) -> Vec<&str> {
    inventory.components.iter().map(|component| component.purl.as_str()).collect()
}

#[test]
fn a_submodule_is_a_repository_at_a_commit() {
    let found = of(Some(NAMES), &[("libs/one", "shipped"), ("libs/two", "test")]);
    assert_eq!(faults(&found), [""; 0]);
    let two = format!("pkg:generic/two@{ID}?vcs_url=git%2Bssh:%2F%2Fg.example%2Fteam%2Ftwo.git%40{ID}");
    assert_eq!(purls(&found), [two.clone(), format!("pkg:github/owner/one@{ID}")]);
    let [two, one] = &found.components[..] else { panic!("{found:?}") };
    let told = |component: &Component| (component.name.clone(), component.reach, component.class.clone());
    assert_eq!(told(one), ("owner/one".to_owned(), Reach::Unknown, "shipped".to_owned()));
    assert_eq!(told(two), ("two".to_owned(), Reach::Dev, "test".to_owned()));
    assert!(one.ships() && !two.ships());
    assert_eq!((one.source, one.source_url.as_deref()), (Source::Git, Some("https://github.com/Owner/One.git")));
    let origin = Origin::Git { url: "https://github.com/Owner/One.git".to_owned(), revision: Some(ID.to_owned()) };
    assert_eq!((&one.origin, one.version.as_str(), one.place.as_str()), (&origin, ID, ".gitmodules"));
    let ecosystem = &found.ecosystems[0];
    assert_eq!((ecosystem.name.as_str(), ecosystem.packages), ("git-submodule", 2));
}

#[test]
fn what_is_inside_stays_unknown_however_well_it_is_named() {
    let found = of(Some(NAMES), &[("libs/one", "shipped")]);
    let ecosystem = &found.ecosystems[0];
    assert!(!ecosystem.read && !ecosystem.checked, "{ecosystem:?}");
    assert_eq!(found.gaps.len(), 1);
    // Without a submodule the names say nothing.
    let found = of(Some(NAMES), &[]);
    assert_eq!((found.ecosystems.len(), found.components.len(), found.gaps.len()), (0, 0, 0));
    assert_eq!(found.limitations, [".gitmodules names 2 that are no submodules of this tree."]);
}

#[test]
fn a_submodule_is_listed_even_where_nobody_says_where_it_comes_from() {
    let named = |url: &str| format!("[submodule \"a\"]\npath = a\n{url}\n");
    let twice =
        format!("{}[submodule \"b\"]\npath = a\nurl = https://g.example/b\n", named("url = https://g.example/a"));
    for (names, reason) in [
        (None, ".gitmodules does not say where it comes from"),
        (Some(named("")), ".gitmodules does not say where it comes from"),
        (Some(named("url")), ".gitmodules does not say where it comes from"),
        (Some("<".to_owned()), ".gitmodules could not be read: line 1 is not understood"),
        (Some(named("url = ../a.git")), "its address is relative to wherever this repository was taken from"),
        (Some(named("url = /srv/a")), "its address is none of a place that all can reach"),
        (Some(named("url = ext::sh -c x")), "its address is none of a place that all can reach"),
        (Some(twice), ".gitmodules names it twice"),
    ] {
        let found = of(names.as_deref(), &[("a", "shipped")]);
        assert_eq!(faults(&found), [format!("submodule a: {reason}")], "{names:?}");
        assert_eq!(purls(&found), [format!("pkg:generic/a@{ID}")], "{names:?}");
        assert_eq!(found.components[0].source_url, None);
        // Nor does it matter to anybody among tests.
        let aside = of(names.as_deref(), &[("a", "test")]);
        assert_eq!(aside.gaps, [], "{names:?}");
        assert_eq!(aside.limitations, [format!("submodule a: {reason}.")], "{names:?}");
    }
    let found = of(None, &[("a", "shipped"), ("b", "shipped")]);
    assert_eq!(faults(&found), ["submodule a and 1 more: .gitmodules does not say where it comes from"]);
}

#[test]
fn a_folder_does_not_say_at_which_commit() {
    let of = |options: Options| inventory(&[test_support::file(".gitmodules", NAMES)], &Survey::default(), &options);
    let found = of(test_support::lockfile_only());
    assert_eq!(faults(&found), [".gitmodules names submodules, whose commits a folder does not say"]);
    let unread = UnreadFile { path: ".gitmodules".to_owned(), class: "shipped".to_owned(), reason: "x".to_owned() };
    let options = Options { unread: vec![unread], ..test_support::lockfile_only() };
    assert_eq!(faults(&inventory(&[], &Survey::default(), &options)).len(), 1);
}

#[test]
fn more_than_the_bounds_allow_is_a_gap() {
    let links: Vec<Gitlink> = ["a", "b", "c"]
        .map(|path| Gitlink { path: path.to_owned(), commit: ID.to_owned(), class: "test".to_owned() })
        .into();
    let mut options = Options { gitlinks: Some(links), ..test_support::lockfile_only() };
    options.limits.packages = 2;
    let found = inventory(&[], &Survey::default(), &options);
    assert_eq!(found.components.len(), 2);
    assert_eq!(faults(&found), ["c and what follows it is beyond the submodules that are listed"]);
}
