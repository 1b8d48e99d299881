//! Killed in the middle and repeated: nothing is half attached, and nothing is lost.

use std::{
    fs,
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use plimsoll_net::{Target, fetch};

use crate::{
    common::{bundle, bundles, get, options, run, start},
    fake::{Act, Fake, answer},
};

/// A registry that does what is asked for up to request `last`, and answers nothing from there on; `halted` is told.
fn halting(api: bool, last: usize, does_it: bool) -> (Fake, Arc<Mutex<usize>>) {
    let count = Arc::new(Mutex::new(0));
    let shared = Arc::clone(&count);
    let fake = Fake::start(api, move |asked, state| {
        let mut count = shared.lock().unwrap();
        *count += 1;
        if *count <= last {
            return None;
        }
        if *count == last + 1 && does_it {
            answer(asked, state);
        }
        Some(Act::Raw(Box::new(|_| thread::sleep(Duration::from_secs(1)))))
    });
    (fake, count)
}

#[test]
fn killed_at_every_request_of_attaching_to_an_image() {
    let mut points = 0;
    for api in [true, false] {
        for does_it in [true, false] {
            for last in 0.. {
                let (fake, count) = halting(api, last, does_it);
                let mut child = start(&["attach", &fake.reference(), "1", "2"], &[]);
                // It has come to its end, or to the request at which it is killed.
                let ended = loop {
                    if *count.lock().unwrap() > last {
                        break false;
                    }
                    if child.try_wait().unwrap().is_some() {
                        break true;
                    }
                    thread::sleep(Duration::from_millis(2));
                };
                child.kill().unwrap();
                child.wait().unwrap();
                if ended {
                    break;
                }
                points += 1;
                *count.lock().unwrap() = 0;
                // From here on the registry answers again: what is there now?
                let (repaired, _) = halting(api, usize::MAX, false);
                std::mem::swap(&mut *repaired.state(), &mut *fake.state());
                let found = bundles(&get(&repaired.reference()).unwrap());
                assert!(found.is_empty() || found == [bundle(1)].into(), "api {api}, request {last}");
                let (succeeded, text) = run(&["attach", &repaired.reference(), "1", "2"], &[]);
                assert!(succeeded, "{text}");
                assert_eq!(bundles(&get(&repaired.reference()).unwrap()), [bundle(1)].into());
                assert_eq!(repaired.referrers().len(), 1, "api {api}, request {last}");
            }
        }
    }
    // Both kinds of registry take at least nine requests.
    assert!(points > 30, "{points}");
}

#[test]
fn killed_while_writing_beside_a_file_and_into_a_release() {
    const ALL: usize = 40;
    let mut killed = 0;
    for step in 0..32 {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("app");
        fs::write(&file, "app").unwrap();
        let (place, target) = if step % 2 == 0 {
            (file.display().to_string(), Target::File(file))
        } else {
            (folder.path().display().to_string(), Target::Release(folder.path().into()))
        };
        let find = || fetch(&target, &options(), &|_| ()).unwrap();
        let mut child = start(&["attach", &place, "0", &ALL.to_string()], &[]);
        thread::sleep(Duration::from_millis(3 + 4 * step));
        killed += usize::from(child.try_wait().unwrap().is_none());
        child.kill().unwrap();
        child.wait().unwrap();
        let found = find();
        assert!(found.passed_over.is_empty(), "{:?}", found.passed_over);
        let whole = (0..found.statements.len()).map(bundle).collect();
        assert_eq!(bundles(&found), whole);
        let (succeeded, text) = run(&["attach", &place, "0", &ALL.to_string()], &[]);
        assert!(succeeded, "{text}");
        assert_eq!(bundles(&find()), (0..ALL).map(bundle).collect());
    }
    assert!(killed > 2, "{killed}");
}
