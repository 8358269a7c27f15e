//! A browser: it keeps cookies, shows forms, and goes where it is sent.

use std::collections::BTreeMap;

use crate::kit::{Answered, Kit};

pub(crate) struct Browser<'a> {
    kit: &'a Kit,
    cookies: BTreeMap<String, String>,
}

impl<'a> Browser<'a> {
    pub(crate) fn new(kit: &'a Kit) -> Self {
        Self { kit, cookies: BTreeMap::new() }
    }

    pub(crate) fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(name).map(String::as_str)
    }

    fn header(&self) -> String {
        let pairs = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        pairs.collect::<Vec<_>>().join("; ")
    }

    fn keep(&mut self, answered: Answered) -> Answered {
        for it in answered.headers.get_all("set-cookie") {
            let (pair, rest) = it.to_str().unwrap().split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            assert!(name.starts_with("__Host-"), "{name}");
            for part in ["Path=/", "Secure", "HttpOnly", "SameSite="] {
                assert!(rest.contains(part), "{part} of {name}");
            }
            if rest.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answered
    }

    pub(crate) async fn get(&mut self, path: &str) -> Answered {
        let answered = self.kit.get_with(path, &[("cookie", &self.header())]).await;
        self.keep(answered)
    }

    pub(crate) async fn post(&mut self, path: &str, body: &str) -> Answered {
        self.post_from(path, body, &[("sec-fetch-site", "same-origin")]).await
    }

    /// Posts a form, with headers that say where it was sent from.
    pub(crate) async fn post_from(
        &mut self,
        path: &str,
        body: &str,
        headers: &[(&str, &str)],
    ) -> Answered {
        let cookies = self.header();
        let headers = [&[("cookie", cookies.as_str())], headers].concat();
        let answered = self.kit.post_with(path, body, &headers).await;
        self.keep(answered)
    }

    /// Sends a page's form with these fields beside the hidden ones.
    pub(crate) async fn fill_in(&mut self, page: &Answered, fields: &str) -> Answered {
        let action = between(&page.text, r#"action=""#).replace("&amp;", "&");
        let csrf = between(&page.text, r#"name="csrf" value=""#);
        self.post(&action, &format!("csrf={csrf}&{fields}")).await
    }
}

/// What stands between those words and the next quote.
pub(crate) fn between(text: &str, before: &str) -> String {
    let (_, rest) = text.split_once(before).unwrap_or_else(|| panic!("no {before} in {text}"));
    rest.split('"').next().unwrap().to_owned()
}

/// The value of a field in a URL's query or fragment.
pub(crate) fn field(url: &str, name: &str) -> Option<String> {
    let (_, fields) = url.split_once(['?', '#'])?;
    let mut pairs = fields.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(known, _)| *known == name).map(|(_, value)| value.to_owned())
}
