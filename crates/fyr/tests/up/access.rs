//! Questions about access, with a server and without one.

use std::process::Output;

use super::{data, fyr, output, up};

#[test]
fn who_can_delegate_is_told_by_the_server_and_without_one() {
    let (_around, data) = data();
    let folder = data.to_str().unwrap();
    let scope = "/subscriptions/11111111-1111-4111-8111-111111111111";
    let ask = |scope: &str, more: &[&str]| {
        let asked = ["access", "who-can-delegate", scope, "--data", folder];
        output(fyr().args(asked).args(more))
    };
    let server = up(&["--data", folder]);
    let (done, table, complaint) = ask(scope, &[]);
    assert!(done && table.contains("olof@contoso.example"), "{table}{complaint}");
    let (done, _, complaint) = ask("99999999-9999-4999-8999-999999999999", &[]);
    assert!(!done && complaint.contains("no subscription"), "{complaint}");
    let json = ask(scope, &["-o", "json"]);
    assert_eq!(server.terminate(), Some(0));
    assert_eq!(ask(scope, &[]), (true, table, String::new()));
    assert_eq!(ask(scope, &["-o", "json"]), json);
    assert!(json.1.contains("\"canDelegate\": true"), "{}", json.1);
}

/// The page about questions shows commands: each does what the page says.
#[test]
fn questions_about_access_are_answered_by_the_server_and_without_one_as_the_page_says() {
    let (_around, data) = data();
    let folder = data.to_str().unwrap();
    let page = include_str!("../../../../docs/questions.md");
    let lines = page.lines().filter_map(|line| line.strip_prefix("fyr "));
    let commands: Vec<Vec<&str>> = lines.map(|line| line.split(' ').collect()).collect();
    assert!(commands.len() >= 9, "{commands:?}");
    let ask = |words: &[&str], more: &[&str]| {
        let mut command = fyr();
        command.args(words).args(more).args(["--data", folder]);
        let Output { status, stdout, stderr } = command.output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (status.code(), text(stdout), text(stderr))
    };
    let server = up(&["--data", folder]);
    let told: Vec<_> = commands.iter().map(|words| ask(words, &[])).collect();
    for (words, (code, said, complaint)) in commands.iter().zip(&told) {
        assert_eq!((*code, complaint.as_str()), (Some(0), ""), "{words:?}");
        let expected = match words.get(1) {
            Some(&"check") => "yes\n",
            Some(&"explain") => "no: No grant allows it.",
            Some(&"who-can") => "mia@fabrikam.example",
            Some(&"what-can") => "but not  Microsoft.Authorization/*/Write",
            Some(&"scopes-of") => "/subscriptions/55555555-5555-4555-8555-555555555555",
            Some(&"graph") if words.contains(&"--dot") => "digraph access {",
            Some(&"provider") if words.contains(&"csv") => ",Contributor,standing,",
            Some(_) | None => "Harbour watch engineers",
        };
        assert!(said.contains(expected), "{words:?}: {said}");
    }
    let check = commands.first().unwrap();
    assert_eq!(ask(check, &["--at", "0"]), (Some(3), "no\n".to_owned(), String::new()));
    let (code, _, complaint) = ask(check, &["--at", "2126-01-01T00:00:00Z"]);
    assert!(code == Some(1) && complaint.contains("lies in the future"), "{complaint}");
    let json = ask(check, &["-o", "json"]);
    assert!(json.1.contains("\"isAllowed\": true"), "{json:?}");
    let (code, _, complaint) =
        ask(&["access", "check", "nobody@fabrikam.example", "x/read", "/tenants/0"], &[]);
    assert_eq!(code, Some(2), "{complaint}");
    let reviewed = commands.iter().find(|it| it.contains(&"provider")).unwrap();
    let (customers, everything) = (ask(reviewed, &[]).1, ask(reviewed, &["--members"]).1);
    assert!(customers.contains("Held") && customers.contains("Activated"), "{customers}");
    assert!(!customers.contains("mia@") && everything.contains("mia@"), "{everything}");
    assert_eq!(server.terminate(), Some(0));
    for (words, told) in commands.iter().zip(&told) {
        assert_eq!(ask(words, &[]), *told, "{words:?}");
    }
}
