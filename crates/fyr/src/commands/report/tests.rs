use jiff::Timestamp;
use wire::access::report::{ActivatedBody, UseBody};

use super::*;

fn at(hour: u8) -> Timestamp {
    format!("2026-03-01T{hour:02}:00:00Z").parse().unwrap()
}

fn right(hold: &str, activated: Option<ActivatedBody>) -> RightBody {
    RightBody {
        scope: "/subscriptions/1".to_owned(),
        registration_assignment_id: "d".to_owned(),
        offer: None,
        principal_id: "t1".to_owned(),
        principal_display_name: Some("Tier 1".to_owned()),
        role_definition_id: "c".to_owned(),
        role_name: Some("Contributor".to_owned()),
        hold: hold.to_owned(),
        reveals_secrets_by: Vec::new(),
        only_reads: false,
        members: None,
        last_used: None,
        use_is: "never".to_owned(),
        activated,
    }
}

fn activation() -> ActivationBody {
    let decision = |is_approved, name: &str| DecisionBody {
        side: "customer".to_owned(),
        is_approved,
        principal_id: name.to_owned(),
        name: Some(name.to_owned()),
        on: at(9),
        justification: None,
    };
    ActivationBody {
        role_assignment_schedule_request_id: "a".to_owned(),
        scope: "/subscriptions/1".to_owned(),
        principal_id: "ada".to_owned(),
        name: Some("ada@fabrikam.example".to_owned()),
        registration_assignment_id: "d".to_owned(),
        eligible_principal_id: "t1".to_owned(),
        role_definition_id: "c".to_owned(),
        role_name: Some("Contributor".to_owned()),
        asked_on: at(8),
        justification: Some("patch\nnight".to_owned()),
        ticket_number: Some("7".to_owned()),
        ticket_system: Some("desk".to_owned()),
        second_factor: true,
        state: "active".to_owned(),
        from: Some(at(9)),
        until: Some(at(10)),
        decisions: vec![decision(true, "olof"), decision(false, "lea")],
    }
}

fn report() -> ReportBody {
    let never = ActivatedBody { count: 0, last: None, active_until: None };
    let over = ActivatedBody { count: 2, last: Some(at(7)), active_until: None };
    let active = ActivatedBody { count: 3, last: Some(at(9)), active_until: Some(at(10)) };
    ReportBody {
        moment: at(9),
        managed_by_tenant_id: "p".to_owned(),
        customer_tenant_id: "c".to_owned(),
        rights: vec![
            right("standing", None),
            right("eligible", Some(never)),
            right("eligible", Some(over)),
            right("eligible", Some(active)),
        ],
        activations: vec![activation()],
        uses: Vec::<UseBody>::new(),
        changes: Vec::new(),
        is_cut: false,
    }
}

#[test]
fn what_is_held_always_what_is_eligible_and_what_is_active_are_told_apart() {
    let told = text(&report());
    let lines: Vec<String> =
        told.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    let held = "/subscriptions/1 Tier 1 Contributor";
    let expected = [
        "Scope Principal Role Held Activated Secrets Last used Members".to_owned(),
        format!("{held} standing none never"),
        format!("{held} eligible never none never"),
        format!("{held} eligible 2 times, last 2026-03-01T07:00:00Z none never"),
        format!("{held} eligible 3 times, now until 2026-03-01T10:00:00Z none never"),
        String::new(),
        "Who activated Role Scope Asked State From Until Why Agreed".to_owned(),
        "ada@fabrikam.example Contributor /subscriptions/1 2026-03-01T08:00:00Z active \
         2026-03-01T09:00:00Z 2026-03-01T10:00:00Z desk, 7, patch night yes by olof, no by lea"
            .to_owned(),
    ];
    assert_eq!(lines, expected, "\n{told}");
}

#[test]
fn a_row_of_the_sheet_has_as_many_cells_as_its_heading() {
    let sheet = csv(&report());
    let rows: Vec<Vec<&str>> = sheet.lines().map(|line| line.split(',').collect()).collect();
    assert!(rows.iter().all(|row| row.len() == rows[0].len()), "{sheet}");
    let place = rows[0].iter().position(|it| *it == "activeUntil").unwrap();
    let until: Vec<&str> = rows.iter().skip(1).map(|row| row[place]).collect();
    assert_eq!(until, ["", "", "", "2026-03-01T10:00:00Z"]);
}
