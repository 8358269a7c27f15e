//! Files that people write, in YAML, and in JSON, which is YAML: trees whose every value knows
//! where it stands, and faults that say the line and the column.
//!
//! Knows no kind of file. Whoever reads one names its mappings and their keys in a table of
//! [`section::Section`]s and asks for each key by name and type; what is not in the table is
//! refused, with the nearest key as advice. A fault never stops the reading: what is missing gets
//! a stand-in, and the result is thrown away at the end if there was any fault. Start with
//! [`tree::parse`], then [`fields::Fields`].
//!
//! ```
//! use document::{fault::{Fault, Faults}, fields::Fields, section::Section, tree::{self, Kind, Node}};
//!
//! const MENU: Section = Section::new("menu", &["name", "dishes"]);
//! const DISH: Section = Section::new("dish", &["name", "vegan"]);
//! const FILE: Kind = Kind { root: &MENU, bytes_max: 64 * 1024 };
//!
//! fn dish(node: &Node, faults: &mut Faults) -> (String, bool) {
//!     let mut fields = Fields::of(node, &DISH, faults);
//!     (fields.required("name").it, fields.flag("vegan").unwrap_or(false))
//! }
//!
//! fn menu(text: &str) -> Result<Vec<(String, bool)>, Vec<Fault>> {
//!     let mut faults = Faults::default();
//!     let dishes = tree::parse(text, &FILE, &mut faults)
//!         .map(|node| Fields::of(&node, &MENU, &mut faults).each("dishes", dish));
//!     faults.settle(dishes.unwrap_or_default())
//! }
//!
//! assert_eq!(menu("dishes: [{ name: soup, vegan: true }]"), Ok(vec![("soup".to_owned(), true)]));
//! assert_eq!(menu(r#"{"dishes": [{"name": "soup"}]}"#), Ok(vec![("soup".to_owned(), false)]));
//! let faults = menu("dishes:\n- nmae: soup\n").unwrap_err();
//! assert_eq!(faults[0].to_string(), "2:3: a dish has no key `nmae`; did you mean `name`?");
//! assert_eq!(faults[1].to_string(), "2:3: a dish needs `name`");
//! ```

pub mod fault;
pub mod fields;
pub mod place;
pub mod section;
pub mod tree;
