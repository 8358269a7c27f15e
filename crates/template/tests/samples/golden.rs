//! What each sample would deploy. A change in a snapshot is a change in what templates mean.

use std::{collections::BTreeMap, fmt::Write as _};

use serde_json::Value;
use template::preview::{Preview, Shown};

use crate::{
    corpus::{files, root},
    expanded,
    place::SUBSCRIPTION,
};

/// Longer bodies are told by their length and hash: they are texts, not decisions.
const BODY_BYTES_MAX: usize = 1500;

/// Lighthouse samples that are refused, and why Azure refuses them, too. May only shrink.
const EXCUSED: &[(&str, &str)] = &[];

/// Samples of the documentation that are refused for the same reason that Azure has.
const REFUSED: &[(&str, &str)] = &[];

fn rendered(preview: &Preview, margin: &str, text: &mut String) {
    let place = |id: &String| preview.resources.iter().position(|it| it.id == *id).unwrap();
    for (index, resource) in preview.resources.iter().enumerate() {
        let after: Vec<usize> = resource.depends_on.iter().map(place).collect();
        let existing = if resource.existing { " existing" } else { "" };
        let (id, version) = (&resource.id, &resource.api_version);
        writeln!(text, "{margin}{index} {id} {version}{existing} after {after:?}").unwrap();
        match &resource.shown {
            Shown::Body(body) => writeln!(text, "{margin}  {}", short(body)).unwrap(),
            Shown::WaitsFor(id) => writeln!(text, "{margin}  waits for {id}").unwrap(),
        }
        if let Some(nested) = &resource.nested {
            rendered(nested, &format!("{margin}    "), text);
        }
    }
    for id in &preview.skipped {
        writeln!(text, "{margin}skipped {id}").unwrap();
    }
    for (name, output) in &preview.outputs {
        writeln!(text, "{margin}output {name} {}", short(output)).unwrap();
    }
}

fn short(value: &Value) -> String {
    let text = value.to_string();
    if text.len() <= BODY_BYTES_MAX {
        return text;
    }
    // FNV-1a: any hash that stays the same will do.
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let begin: String = text.chars().take(200).collect();
    format!("{begin}… ({} bytes, {hash:016x})", text.len())
}

fn review(corpus: &str, excused: &[(&str, &str)]) -> usize {
    let root = root(corpus);
    let mut refused = BTreeMap::new();
    let mut count = 0;
    for file in files(&root) {
        let text = match expanded(&root.join(&file)) {
            None => continue,
            Some(Ok(preview)) => {
                let mut text = String::new();
                rendered(&preview, "", &mut text);
                text
            }
            Some(Err(wrong)) => {
                refused.insert(file.clone(), wrong.refused.to_string());
                format!("{}\n", wrong.refused)
            }
        };
        count += 1;
        let group = format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/rg1/");
        let whole = format!("/subscriptions/{SUBSCRIPTION}/");
        let text = text.replace(&group, "{rg}/").replace(&whole, "{sub}/");
        let name = file.trim_end_matches(".json").replace(['/', '\\'], ".");
        let name = name.replace("azure-resource-manager.", "");
        insta::with_settings!({
            snapshot_path => format!("golden/{corpus}"),
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, { insta::assert_snapshot!(name, text) });
    }
    let unexpected: Vec<_> = refused
        .iter()
        .filter(|(file, _)| !excused.iter().any(|(known, _)| known == file))
        .collect();
    assert!(unexpected.is_empty(), "{unexpected:#?}");
    let stale = excused.iter().find(|(known, _)| !refused.contains_key(*known));
    assert_eq!(stale, None, "it is not refused any more");
    count
}

#[test]
fn every_lighthouse_template_is_laid_out() {
    const { assert!(EXCUSED.len() <= 5) };
    assert_eq!(review("lighthouse", EXCUSED), 43);
}

#[test]
fn every_template_of_the_documentation_is_laid_out() {
    review("functions", REFUSED);
}
