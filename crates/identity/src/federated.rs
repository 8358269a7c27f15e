//! Federated credentials: another issuer's tokens that count as an application's own word. What
//! may be declared.

use model::directory::{Credential, Federated, Secret};

/// The audience that tokens for an exchange carry, as in Entra.
pub const EXCHANGE: &str = "api://AzureADTokenExchange";
/// So many may one application have. Entra's.
const COUNT_MAX: usize = 20;
/// The longest issuer, subject, audience or description. Entra's.
const TEXT_CHARS_MAX: usize = 600;
/// Entra's.
const NAME_CHARS: std::ops::RangeInclusive<usize> = 3..=120;

/// Why a federated credential is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadFederated {
    #[error("a name has 3 to 120 letters, digits, `-` and `_`, and begins with a letter or digit")]
    Name,
    #[error("an issuer is a URL that begins with `https://`, without query and fragment")]
    Issuer,
    #[error("a subject has 1 to 600 characters, and no control characters")]
    Subject,
    #[error("there is exactly one audience, of 1 to 600 characters")]
    Audiences,
    #[error("a description has at most 600 characters")]
    Description,
    #[error("an application has at most 20 federated credentials")]
    TooMany,
    #[error("another federated credential of the application has that name")]
    NameTaken,
    #[error("another federated credential of the application has that issuer and subject")]
    Doubled,
}

/// Whether an application that holds these credentials may have that one, too, or in the place
/// of its own of the same key.
pub fn judge(
    held: &[Credential],
    new: &Credential,
    federated: &Federated,
) -> Result<(), BadFederated> {
    name(&new.display_name)?;
    well_formed(federated)?;
    let others = held.iter().filter(|it| it.key != new.key);
    let mut count = 0;
    for it in others {
        let Secret::Federated(other) = &it.secret else { continue };
        count += 1;
        if it.display_name.eq_ignore_ascii_case(&new.display_name) {
            return Err(BadFederated::NameTaken);
        }
        if other.issuer == federated.issuer && other.subject == federated.subject {
            return Err(BadFederated::Doubled);
        }
    }
    if count >= COUNT_MAX { Err(BadFederated::TooMany) } else { Ok(()) }
}

fn name(name: &str) -> Result<(), BadFederated> {
    let legal = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    let begins = name.starts_with(|c: char| c.is_ascii_alphanumeric());
    let fits = NAME_CHARS.contains(&name.len()) && name.chars().all(legal);
    if begins && fits { Ok(()) } else { Err(BadFederated::Name) }
}

fn well_formed(it: &Federated) -> Result<(), BadFederated> {
    let text = |text: &str| {
        !text.is_empty()
            && text.chars().count() <= TEXT_CHARS_MAX
            && !text.chars().any(char::is_control)
    };
    let host = it.issuer.strip_prefix("https://").unwrap_or_default();
    if !text(host) || !text(&it.issuer) || host.starts_with('/') || host.contains(['?', '#', ' ']) {
        return Err(BadFederated::Issuer);
    }
    if !text(&it.subject) {
        return Err(BadFederated::Subject);
    }
    if !matches!(it.audiences.as_slice(), [only] if text(only)) {
        return Err(BadFederated::Audiences);
    }
    if !it.description.is_empty() && !text(&it.description) {
        return Err(BadFederated::Description);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use ids::guid::AppId;
    use model::{directory::Holder, samples};
    use uuid::Uuid;

    use super::*;

    fn federated() -> Federated {
        Federated {
            issuer: "https://token.actions.example".to_owned(),
            subject: "repo:fabrikam/app:ref:refs/heads/main".to_owned(),
            audiences: vec![EXCHANGE.to_owned()],
            description: String::new(),
        }
    }

    fn credential(key: u128, name: &str, federated: &Federated) -> Credential {
        Credential {
            holder: Holder::Application(samples::PROVIDER, AppId::new(Uuid::from_u128(1))),
            key: Uuid::from_u128(key),
            display_name: name.to_owned(),
            secret: Secret::Federated(federated.clone()),
            expires: None,
        }
    }

    #[test]
    fn a_federated_credential_names_one_issuer_one_subject_and_one_audience() {
        let with = |change: fn(&mut Federated)| {
            let mut it = federated();
            change(&mut it);
            it
        };
        let cases = [
            ("main", federated(), Ok(())),
            ("ab", federated(), Err(BadFederated::Name)),
            ("-main", federated(), Err(BadFederated::Name)),
            ("ma in", federated(), Err(BadFederated::Name)),
            ("main", with(|it| it.issuer = "http://x".to_owned()), Err(BadFederated::Issuer)),
            ("main", with(|it| it.issuer = "https://".to_owned()), Err(BadFederated::Issuer)),
            ("main", with(|it| it.issuer = "https://x?y".to_owned()), Err(BadFederated::Issuer)),
            ("main", with(|it| it.subject.clear()), Err(BadFederated::Subject)),
            ("main", with(|it| it.subject = "a\nb".to_owned()), Err(BadFederated::Subject)),
            ("main", with(|it| it.subject = "x".repeat(601)), Err(BadFederated::Subject)),
            ("main", with(|it| it.audiences.clear()), Err(BadFederated::Audiences)),
            ("main", with(|it| it.audiences.push("b".to_owned())), Err(BadFederated::Audiences)),
            ("main", with(|it| it.description = "x".repeat(601)), Err(BadFederated::Description)),
        ];
        for (name, it, expected) in cases {
            assert_eq!(judge(&[], &credential(1, name, &it), &it), expected, "{name} {it:?}");
        }
    }

    #[test]
    fn an_application_has_few_and_each_once() {
        let it = federated();
        let other = Federated { subject: "other".to_owned(), ..federated() };
        let held = [credential(1, "main", &it)];
        let judge_of = |key, name, it: &Federated| judge(&held, &credential(key, name, it), it);
        assert_eq!(judge_of(1, "main", &other), Ok(()), "it takes its own place");
        assert_eq!(judge_of(2, "MAIN", &other), Err(BadFederated::NameTaken));
        assert_eq!(judge_of(2, "second", &it), Err(BadFederated::Doubled));
        assert_eq!(judge_of(2, "second", &other), Ok(()));
        let many = (0..20).map(|n| {
            let it = Federated { subject: n.to_string(), ..federated() };
            credential(n, &format!("name{n}"), &it)
        });
        let many = many.collect::<Vec<_>>();
        let one_more = judge(&many, &credential(99, "main", &it), &it);
        assert_eq!(one_more, Err(BadFederated::TooMany));
    }
}
