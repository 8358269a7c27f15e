//! Addresses that a listing may link to.

use crate::lint::limits::LINK_BYTES_MAX;

/// Sites that videos are shown at.
const VIDEO_HOSTS: [&str; 7] = [
    "m.youtube.com",
    "player.vimeo.com",
    "vimeo.com",
    "www.vimeo.com",
    "www.youtube.com",
    "youtu.be",
    "youtube.com",
];
const SCHEME: &str = "https://";

/// Whether it is a whole address that begins with `https://`, or why not.
pub(super) fn https(address: &str) -> Result<(), String> {
    host(address).map(|_| ())
}

/// Whether the address is at a site that videos are shown at.
pub(super) fn is_video(address: &str) -> bool {
    host(address).is_ok_and(|host| VIDEO_HOSTS.contains(&host.to_ascii_lowercase().as_str()))
}

fn host(address: &str) -> Result<&str, String> {
    if address.len() > LINK_BYTES_MAX {
        return Err(format!("it has {} bytes, and {LINK_BYTES_MAX} are kept", address.len()));
    }
    if !address.chars().all(|it| it.is_ascii_graphic() && !"<>\"\\^`{|}".contains(it)) {
        return Err("it holds what stands in no address: write it percent-encoded".to_owned());
    }
    let scheme = address.get(..SCHEME.len()).unwrap_or_default();
    if !scheme.eq_ignore_ascii_case(SCHEME) {
        return Err("it does not begin with https://".to_owned());
    }
    let rest = address.get(SCHEME.len()..).unwrap_or_default();
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return Err("it holds a user's name".to_owned());
    }
    let (host, port) = authority.split_once(':').unwrap_or((authority, "443"));
    let is_label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|it| it.is_ascii_alphanumeric() || it == '-')
    };
    let is_port = port.parse::<u16>().is_ok() && port.chars().all(|it| it.is_ascii_digit());
    if host.split('.').all(is_label) && is_port {
        Ok(host)
    } else {
        Err(format!("`{authority}` names no host"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_whole_and_names_a_host() {
        for good in [
            "https://fabrikam.example",
            "HTTPS://Fabrikam.Example:8443/a/b?c=d%20e#f",
            "https://localhost/leads",
            "https://10.0.0.1/",
        ] {
            assert_eq!(https(good), Ok(()), "{good}");
        }
        for bad in [
            "",
            "https://",
            "https:///a",
            "http://fabrikam.example",
            "javascript:alert(1)",
            "//fabrikam.example",
            "fabrikam.example",
            " https://fabrikam.example",
            "https://fabrikam.example/a b",
            "https://fabrikam.example\n",
            "https://user@fabrikam.example",
            "https://fabrikam..example",
            "https://fabrikam.example:port",
            "https://fabrikam.example:",
            "https://fabrikam.example:+80",
            "https://-a.example",
            "https://[::1]/",
            "https://fåbrikam.example",
            "https://a.example/\"onclick=x",
        ] {
            assert!(https(bad).is_err(), "{bad}");
        }
        let named = https("https://fabrikam.example@evil.example");
        assert_eq!(named, Err("it holds a user's name".to_owned()));
        assert!(https(&format!("https://a.example/{}", "b".repeat(2_048))).is_err());
    }

    #[test]
    fn videos_are_at_two_sites_and_not_at_those_that_sound_like_them() {
        assert!(is_video("https://www.youtube.com/watch?v=1") && is_video("https://VIMEO.com/9"));
        assert!(!is_video("https://youtube.com.evil.example/1") && !is_video("http://vimeo.com/9"));
    }
}
