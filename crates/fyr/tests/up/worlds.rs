//! World files: applied, refused, and written down.

use std::{fs, path::Path};

use super::{NO_PASSWORDS, PASSWORDS, PUBLIC, data, fyr, output, started, up};

#[test]
fn a_world_is_applied_through_the_server_and_without_one() {
    let (around, data) = data();
    let folder = data.to_str().unwrap();
    let world = around.path().join("world.yaml");
    fs::write(&world, "tenants: [{name: relecloud, domain: relecloud.example}]\n").unwrap();
    let apply = || output(fyr().args(["world", "apply"]).arg(&world).args(["--data", folder]));

    let server = up(&["--data", folder]);
    let (done, said, complaint) = apply();
    assert!(done && said.contains(": 1 created, 0 changed, 1 unchanged"), "{said}{complaint}");
    let (done, _, complaint) = output(fyr().args(["up", "--data", folder]));
    assert!(!done, "two servers had one folder: {complaint}");
    assert_eq!(server.terminate(), Some(0));
    let (done, said, complaint) = apply();
    assert!(done && said.contains(": 0 created, 0 changed, 2 unchanged"), "{said}{complaint}");
}

#[test]
fn a_wrong_world_is_told_by_line_and_column_and_nothing_starts() {
    let (around, data) = data();
    let world = around.path().join("world.yaml");
    fs::write(&world, "tenants:\n- {name: a, domian: a.example}\n").unwrap();
    let expected = format!(
        "fyr: {0}:2:3: a tenant needs `domain`\n\
         {0}:2:13: a tenant has no key `domian`; did you mean `domain`?\n",
        world.display()
    );
    let (done, _, complaint) = output(fyr().args(["world", "validate"]).arg(&world));
    assert_eq!((done, complaint), (false, expected.clone()));
    let mut starting = fyr();
    starting.args(["up", "--listen", "127.0.0.1:0", "--log", "off", "--world"]).arg(&world);
    let (done, _, complaint) = output(starting.arg("--data").arg(&data));
    assert_eq!((done, complaint), (false, expected));
}

#[test]
fn a_folder_with_passwords_of_a_world_file_is_served_on_loopback_only() {
    let (_around, data) = data();
    let folder = data.to_str().unwrap();
    assert_eq!(up(&["--data", folder]).terminate(), Some(0));
    let starting = |flag| output(fyr().args(["up", "--data", folder, flag, "0.0.0.0:0"]));
    for flag in ["--listen", "--listen-graph", "--listen-portal"] {
        let (done, _, complaint) = starting(flag);
        assert!(!done && complaint.contains("loopback"), "{flag}: {complaint}");
    }
    assert_eq!(up(&["--data", folder]).terminate(), Some(0), "the refusal was not remembered");
}

#[test]
fn no_world_with_passwords_is_applied_where_others_can_sign_in() {
    let (around, data) = data();
    let folder = data.to_str().unwrap();
    let file = |name: &str, text: &str| {
        let path = around.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let (bare, secret) = (file("bare.yaml", NO_PASSWORDS), file("secret.yaml", PASSWORDS));
    let apply = |file: &str| output(fyr().args(["world", "apply", file, "--data", folder]));

    let mut command = fyr();
    command.args(["up", "--data", folder, "--world", &bare]).args(PUBLIC);
    let server = started(&mut command);
    assert!(apply(&bare).0);
    let (done, _, complaint) = apply(&secret);
    assert!(!done && complaint.contains("on loopback addresses only"), "{complaint}");
    assert_eq!(server.terminate(), Some(0));
    let (done, _, complaint) = apply(&secret);
    assert!(!done && complaint.contains("on loopback addresses only"), "alone: {complaint}");

    let inside = ["--listen-graph", "127.0.0.1:0", "--listen-portal", "127.0.0.1:0"];
    assert_eq!(up(&[&["--data", folder], &inside[..]].concat()).terminate(), Some(0));
    assert!(apply(&secret).0, "nobody else can ask there now");
    let (done, _, complaint) = output(fyr().args(["up", "--data", folder]).args(PUBLIC));
    assert!(!done && complaint.contains("loopback"), "{complaint}");
}

#[test]
fn a_file_removes_what_it_no_longer_declares_when_asked_to() {
    let (around, data) = data();
    let folder = data.to_str().unwrap();
    let (bare, people) = (around.path().join("bare.yaml"), around.path().join("people.yaml"));
    fs::write(&bare, NO_PASSWORDS).unwrap();
    fs::write(&people, PASSWORDS).unwrap();
    let server = up(&["--data", folder, "--simulate", "throttle"]);
    let apply = |file: &Path, more: &[&str]| {
        output(fyr().args(["world", "apply"]).arg(file).args(["--data", folder]).args(more))
    };
    assert!(apply(&people, &[]).0);
    let (done, said, complaint) = apply(&bare, &["--prune"]);
    assert!(
        done && said.contains(" 2 removed, 0 kept"),
        "a user and a password: {said}{complaint}"
    );
    assert_eq!(server.terminate(), Some(0));
    let (done, said, complaint) = apply(&bare, &["--prune"]);
    assert!(done && said.contains(" 0 removed, 0 kept"), "{said}{complaint}");
}

#[test]
fn a_world_is_written_down_through_the_server_or_without_and_applied_elsewhere() {
    let (around, data) = data();
    let folder = data.to_str().unwrap();
    let server = up(&["--data", folder]);
    let export = |folder: &str, more: &[&str]| {
        output(fyr().args(["world", "export", "--data", folder]).args(more))
    };
    let (done, running, complaint) = export(folder, &[]);
    assert!(done, "{complaint}");
    // Offers, and what was accepted of them, are exported by commands of their own, and it says so.
    assert!(complaint.lines().all(|line| line.contains("left out") || line.contains("leaves out")));
    assert!(complaint.contains("the publisher account of `fabrikam`"), "{complaint}");
    assert_eq!(server.terminate(), Some(0));
    let (_, stopped, _) = export(folder, &[]);
    assert_eq!(stopped, running);
    assert!(!running.contains("correct horse") && running.contains("contosodata"), "{running}");

    let (_, hidden, _) = export(folder, &["--pseudonyms"]);
    assert!(!hidden.to_lowercase().contains("contoso"), "{hidden}");

    let file = around.path().join("again.yaml");
    fs::write(&file, &running).unwrap();
    let other = around.path().join("other");
    let other = other.to_str().unwrap();
    let again = up(&["--data", other, "--world", file.to_str().unwrap()]);
    assert_eq!(export(other, &[]).1, running);
    assert_eq!(again.terminate(), Some(0));
    let (done, _, complaint) = export(other, &["--tenant", "nobody"]);
    assert!(!done && complaint.contains("no tenant `nobody`"), "{complaint}");
}

#[test]
fn what_az_printed_becomes_a_world_that_validates() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/samples/azure");
    let (around, _) = data();
    for (more, told) in [(&[][..], "Tailwind"), (&["--pseudonyms"][..], "tenant-1")] {
        let import =
            |folder: &Path| output(fyr().args(["world", "import", "azure"]).arg(folder).args(more));
        let (done, text, notes) = import(&samples);
        assert!(done && text.contains(told) && notes.contains("nobody lists"), "{text}{notes}");
        assert_eq!(more.is_empty(), text.contains("tailwind"), "{text}");
        let file = around.path().join("imported.yaml");
        fs::write(&file, &text).unwrap();
        let (valid, _, faults) = output(fyr().args(["world", "validate"]).arg(&file));
        assert!(valid, "{faults}\n{text}");
        let (done, _, complaint) = import(around.path());
        assert!(!done && complaint.contains("0 JSON files"), "{complaint}");
    }
}
