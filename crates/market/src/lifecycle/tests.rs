use super::*;

const STATES: [OfferState; 8] = [
    OfferState::Draft,
    OfferState::Publishing(Slot::Preview),
    OfferState::Publishing(Slot::Live),
    OfferState::AttentionNeeded,
    OfferState::Preview,
    OfferState::Live,
    OfferState::PendingStop,
    OfferState::NotAvailable,
];

/// What there is beside a state where an offer came to it for the first time.
fn usual(state: OfferState) -> Facts {
    let (has_preview, storefront) = match state {
        OfferState::Draft | OfferState::Publishing(Slot::Preview) | OfferState::AttentionNeeded => {
            (false, Storefront::Never)
        }
        OfferState::Publishing(Slot::Live) | OfferState::Preview => (true, Storefront::Never),
        OfferState::Live | OfferState::PendingStop => (false, Storefront::Distributed),
        OfferState::NotAvailable => (false, Storefront::Stopped),
    };
    Facts { has_preview, storefront, can_cancel: true }
}

fn word(state: OfferState) -> &'static str {
    match state {
        OfferState::Draft => "draft",
        OfferState::Publishing(Slot::Preview) => "to preview",
        OfferState::Publishing(Slot::Live) => "to live",
        OfferState::AttentionNeeded => "attention",
        OfferState::Preview => "preview",
        OfferState::Live => "live",
        OfferState::PendingStop => "stopping",
        OfferState::NotAvailable => "not available",
    }
}

fn answer(state: OfferState, event: Event, facts: Facts) -> String {
    match next(state, event, facts) {
        Ok(Some(state)) => word(state).to_owned(),
        Ok(None) => "gone".to_owned(),
        Err(refusal) => format!("{refusal:?}"),
    }
}

/// Every state and every event: a small letter begins where it leads, a capital one why it does not.
const TABLE: [(Event, [&str; 8]); 10] = [
    (
        Event::Publish,
        [
            "to preview",
            "Running",
            "Running",
            "to preview",
            "to preview",
            "to preview",
            "Stopping",
            "to preview",
        ],
    ),
    (
        Event::GoLive,
        [
            "NoPreview",
            "Running",
            "Running",
            "NotMended",
            "to live",
            "NoPreview",
            "Stopping",
            "NoPreview",
        ],
    ),
    (
        Event::Cancel,
        [
            "NothingRuns",
            "draft",
            "preview",
            "NothingRuns",
            "NothingRuns",
            "NothingRuns",
            "NothingRuns",
            "NothingRuns",
        ],
    ),
    (
        Event::Delete,
        ["gone", "Running", "Running", "gone", "Published", "Published", "Published", "Published"],
    ),
    (
        Event::StopDistribution,
        [
            "NothingLive",
            "Running",
            "Running",
            "NothingLive",
            "NothingLive",
            "stopping",
            "Stopping",
            "Stopped",
        ],
    ),
    (
        Event::ResumeDistribution,
        ["NoStop", "NoStop", "NoStop", "NoStop", "NoStop", "NoStop", "live", "Stopped"],
    ),
    (
        Event::Previewed,
        [
            "NothingRuns",
            "preview",
            "NothingRuns",
            "NothingRuns",
            "NothingRuns",
            "NothingRuns",
            "NothingRuns",
            "NothingRuns",
        ],
    ),
    (
        Event::WentLive,
        [
            "NothingRuns",
            "NothingRuns",
            "live",
            "NothingRuns",
            "NothingRuns",
            "NothingRuns",
            "NothingRuns",
            "NothingRuns",
        ],
    ),
    (
        Event::Failed,
        [
            "NothingRuns",
            "attention",
            "attention",
            "NothingRuns",
            "NothingRuns",
            "NothingRuns",
            "NothingRuns",
            "NothingRuns",
        ],
    ),
    (
        Event::Stopped,
        ["NoStop", "NoStop", "NoStop", "NoStop", "NoStop", "NoStop", "not available", "NoStop"],
    ),
];

#[test]
fn every_state_and_every_event_have_an_answer() {
    assert_eq!(TABLE.map(|(event, _)| event), Event::ALL);
    for (event, expected) in TABLE {
        let answers = STATES.map(|state| answer(state, event, usual(state)));
        assert_eq!(answers, expected, "{event:?}");
    }
}

/// What a preview that waits beside something live changes of the table.
#[test]
fn a_preview_that_waits_outlives_the_stop_of_what_is_live_and_its_being_taken_back() {
    let waiting = |state| {
        let storefront = match state {
            OfferState::NotAvailable => Storefront::Stopped,
            OfferState::Draft
            | OfferState::Publishing(_)
            | OfferState::AttentionNeeded
            | OfferState::Preview
            | OfferState::Live
            | OfferState::PendingStop => Storefront::Distributed,
        };
        Facts { has_preview: true, storefront, can_cancel: true }
    };
    let mut changed = Vec::new();
    for (event, usual) in TABLE {
        for (state, usual) in STATES.into_iter().zip(usual) {
            let answer = answer(state, event, waiting(state));
            if answer != usual {
                changed.push((event, word(state), answer));
            }
        }
    }
    let expected = [
        (Event::Cancel, "to preview", "preview"),
        (Event::Delete, "draft", "Published"),
        (Event::Delete, "attention", "Published"),
        (Event::StopDistribution, "draft", "stopping"),
        (Event::StopDistribution, "attention", "stopping"),
        (Event::StopDistribution, "preview", "stopping"),
        (Event::ResumeDistribution, "stopping", "preview"),
        (Event::Stopped, "stopping", "preview"),
    ];
    assert_eq!(changed, expected.map(|(event, state, after)| (event, state, after.to_owned())));
}

#[test]
fn what_is_called_back_leaves_the_offer_where_it_was() {
    let out = |has_preview, storefront| Facts { has_preview, storefront, can_cancel: true };
    for (facts, expected) in [
        (out(false, Storefront::Never), "draft"),
        (out(true, Storefront::Never), "preview"),
        (out(false, Storefront::Distributed), "live"),
        (out(true, Storefront::Distributed), "preview"),
        (out(false, Storefront::Stopped), "not available"),
    ] {
        let running = OfferState::Publishing(Slot::Preview);
        assert_eq!(answer(running, Event::Cancel, facts), expected, "{facts:?}");
        let late = Facts { can_cancel: false, ..facts };
        for slot in Slot::ALL {
            assert_eq!(answer(OfferState::Publishing(slot), Event::Cancel, late), "TooLate");
        }
    }
}

#[test]
fn an_update_under_way_neither_deletes_nor_keeps_from_stopping_what_is_live() {
    let facts =
        |has_preview| Facts { has_preview, storefront: Storefront::Distributed, can_cancel: true };
    for (state, has_preview) in [(OfferState::AttentionNeeded, false), (OfferState::Preview, true)]
    {
        assert_eq!(answer(state, Event::StopDistribution, facts(has_preview)), "stopping");
        assert_eq!(answer(state, Event::Delete, facts(has_preview)), "Published");
    }
    let previewed = Facts { has_preview: true, ..usual(OfferState::AttentionNeeded) };
    assert_eq!(answer(OfferState::AttentionNeeded, Event::Delete, previewed), "Published");
}

#[test]
fn nothing_but_a_sign_off_and_its_steps_lead_to_the_storefront() {
    let comes_to_live = |event: Event, state: OfferState| {
        next(state, event, usual(state)) == Ok(Some(OfferState::Live)) && state != OfferState::Live
    };
    let ways: Vec<(Event, &str)> = Event::ALL
        .into_iter()
        .flat_map(|event| STATES.map(|state| (event, state)))
        .filter(|(event, state)| comes_to_live(*event, *state))
        .map(|(event, state)| (event, word(state)))
        .collect();
    assert_eq!(ways, [(Event::ResumeDistribution, "stopping"), (Event::WentLive, "to live")]);
}
