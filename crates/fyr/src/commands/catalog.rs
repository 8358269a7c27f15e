//! `fyr catalog`: what is live in the storefront.

use std::fmt::Write as _;

use ids::offer::OfferId;
use serde_json::Value;

use super::{
    columns, say,
    server::{Refused, Server, list, text},
};
use crate::cli::{Catalog, Format, Search, Visitor};

/// Runs one of its commands.
pub(super) fn run(wanted: &Catalog) -> anyhow::Result<()> {
    match wanted {
        Catalog::Search(it) => search(it),
        Catalog::Show { offer, visitor } => show(offer, visitor),
    }
}

/// Only who names a subscription has to say who asks.
fn server(visitor: &Visitor) -> anyhow::Result<Server> {
    match visitor.subscription {
        Some(_) => Server::marketplace(&visitor.online),
        None => Server::storefront(&visitor.online),
    }
}

fn search(wanted: &Search) -> anyhow::Result<()> {
    let found = server(&wanted.visitor)?.all(&format!("/catalog/products?{}", query(wanted)))?;
    say(&match wanted.visitor.output {
        Format::Json => format!("{:#}\n", Value::from(found)),
        Format::Table => rows(&found, &wanted.visitor),
    });
    Ok(())
}

fn query(Search { words, category, publisher, visitor }: &Search) -> String {
    let category = category.as_ref().map(|it| {
        let quoted = it.replace('\'', "''");
        format!("categoryIds/any(c: c eq '{quoted}')")
    });
    let publisher = publisher.as_ref().map(|it| format!("publisherId eq '{it}'"));
    let filter: Vec<String> = category.into_iter().chain(publisher).collect();
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in [
        ("search", words.join(" ")),
        ("$filter", filter.join(" and ")),
        ("subscriptionId", visitor.subscription.map(|it| it.to_string()).unwrap_or_default()),
    ] {
        if !value.is_empty() {
            query.append_pair(name, &value);
        }
    }
    query.finish()
}

fn rows(found: &[Value], visitor: &Visitor) -> String {
    if found.is_empty() {
        let private = match visitor.subscription {
            Some(_) => "",
            None => " What is private to a subscription is shown with `--subscription ID`.",
        };
        return format!("Nothing that is live fits.{private}\n");
    }
    let of_offer = |it: &Value| -> Vec<[String; 5]> {
        let plan = |plan: &Value| {
            [
                text(it, "/uniqueProductId").to_owned(),
                text(plan, "/planId").to_owned(),
                text(plan, "/version").to_owned(),
                for_whom(plan).to_owned(),
                text(it, "/summary").to_owned(),
            ]
        };
        list(it, "/plans").iter().map(plan).collect()
    };
    let heading = ["Offer", "Plan", "Version", "For", "Summary"];
    let told = columns::table(heading, found.iter().flat_map(of_offer));
    format!("{told}\nMore of one of them:\n  fyr catalog show OFFER{}\n", there(visitor))
}

fn for_whom(plan: &Value) -> &'static str {
    let is_private = plan.get("isPrivate").and_then(Value::as_bool).unwrap_or_default();
    if is_private { "named subscriptions" } else { "everybody" }
}

fn there(visitor: &Visitor) -> String {
    visitor.subscription.map(|it| format!(" --subscription {it}")).unwrap_or_default()
}

fn show(offer: &OfferId, visitor: &Visitor) -> anyhow::Result<()> {
    let at = visitor.subscription.map(|it| format!("?subscriptionId={it}")).unwrap_or_default();
    let found = server(visitor)?.get(&format!("/catalog/products/{offer}{at}"));
    let found = found.map_err(|error| match visitor.subscription {
        None if Refused::is(&error, 404) => error.context(format!(
            "no offer `{offer}` is live for everybody; `--subscription ID` looks for that one too"
        )),
        Some(_) | None => error,
    })?;
    say(&match visitor.output {
        Format::Json => format!("{found:#}\n"),
        Format::Table => told(offer, &found, visitor),
    });
    Ok(())
}

fn told(offer: &OfferId, found: &Value, visitor: &Visitor) -> String {
    let it = |name: &str| text(found, &format!("/{name}"));
    let description = market::html::parse(it("description")).map(|html| html.words());
    let terms = match (it("legalTermsUri"), it("legalTermsText")) {
        ("", "") => "none",
        ("", words) => words,
        (link, _) => link,
    };
    let mut told = format!(
        "{} ({offer}), by {}\n{}\n\n{}\n\nTerms:    {terms}\nPrivacy:  {}\n\n",
        it("displayName"),
        it("publisherDisplayName"),
        it("summary"),
        description.unwrap_or_default(),
        it("privacyPolicyUri"),
    );
    let row = |plan: &Value| {
        let of = |name: &str| text(plan, &format!("/{name}")).to_owned();
        [of("planId"), of("version"), for_whom(plan).to_owned(), of("displayName"), of("summary")]
    };
    let heading = ["Plan", "Version", "For", "Name", "Summary"];
    told += &columns::table(heading, list(found, "/plans").iter().map(row));
    let at = visitor.subscription.map_or_else(|| "ID".to_owned(), |it| it.to_string());
    // Writing to a string does not fail.
    let _ = write!(
        told,
        "\nWhom a plan lets in as what, and how it is accepted in a subscription:\n  \
         fyr acceptance accept {offer}.PLAN --subscription {at}\n"
    );
    told
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use serde_json::json;

    use super::*;
    use crate::cli::{Arguments, Command};

    fn searched(arguments: &[&str]) -> Search {
        let all = ["fyr", "catalog", "search"].iter().chain(arguments);
        let Command::Catalog(Catalog::Search(it)) = Arguments::parse_from(all).command else {
            panic!("{arguments:?} is another command");
        };
        it
    }

    #[test]
    fn what_is_looked_for_is_asked_in_the_catalogs_words() {
        let wanted =
            searched(&["night", "watch", "--category", "o'brien", "--publisher", "fabrikam"]);
        let expected = "search=night+watch&%24filter=categoryIds%2Fany%28c%3A+c+eq+%27o%27%27brien\
                        %27%29+and+publisherId+eq+%27fabrikam%27";
        assert_eq!(query(&wanted), expected);
        assert_eq!(query(&searched(&[])), "");
    }

    #[test]
    fn each_plan_is_a_row_and_what_comes_next_is_told() {
        let found = [json!({
            "uniqueProductId": "fabrikam.ops", "summary": "A night crew",
            "plans": [
                { "planId": "core", "version": "1.1.0", "isPrivate": false },
                { "planId": "care", "version": "1.0.0", "isPrivate": true },
            ],
        })];
        let expected = "\
Offer         Plan  Version  For                  Summary
fabrikam.ops  core  1.1.0    everybody            A night crew
fabrikam.ops  care  1.0.0    named subscriptions  A night crew

More of one of them:
  fyr catalog show OFFER
";
        assert_eq!(rows(&found, &searched(&[]).visitor), expected);
        assert!(rows(&[], &searched(&[]).visitor).contains("--subscription"));
    }
}
