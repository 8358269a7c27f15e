//! Functions of address ranges, IPv4 and IPv6.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde_json::{Value, json};

use crate::{
    evaluate::Refused,
    functions::{Function, Given, pure},
};

pub(super) const FUNCTIONS: &[Function] = &[
    pure("cidrHost", 2, 2, cidr_host),
    pure("cidrSubnet", 3, 3, cidr_subnet),
    pure("parseCidr", 1, 1, parse_cidr),
];

/// A range: its first address as a number, and how many leading bits are fixed.
struct Range {
    first: u128,
    prefix: u32,
    bits: u32,
}

impl Range {
    fn read(given: &Given<'_>) -> Result<Self, Refused> {
        let malformed = || given.invalid("The value is not a valid CIDR notation.");
        let (address, prefix) = given.text(0)?.split_once('/').ok_or_else(malformed)?;
        let prefix: u32 = prefix.parse().map_err(|_| malformed())?;
        let (number, bits) = match address.parse().map_err(|_| malformed())? {
            IpAddr::V4(address) => (u128::from(u32::from(address)), 32),
            IpAddr::V6(address) => (u128::from(address), 128),
        };
        if prefix > bits {
            return Err(malformed());
        }
        let range = Self { first: 0, prefix, bits };
        Ok(Self { first: number & !range.hosts(), ..range })
    }

    /// The bits that are not fixed.
    fn hosts(&self) -> u128 {
        let free = self.bits - self.prefix;
        1_u128.checked_shl(free).map_or(u128::MAX, |size| size - 1)
    }

    fn last(&self) -> u128 {
        self.first | self.hosts()
    }

    fn mask(&self) -> u128 {
        let all = 1_u128.checked_shl(self.bits).map_or(u128::MAX, |size| size - 1);
        all & !self.hosts()
    }

    fn show(&self, address: u128) -> String {
        match u32::try_from(address) {
            Ok(address) if self.bits == 32 => Ipv4Addr::from(address).to_string(),
            _ => Ipv6Addr::from(address).to_string(),
        }
    }
}

/// IPv4 keeps the first and the last address of a range for the network and for broadcasts.
fn parse_cidr(given: &Given<'_>) -> Result<Value, Refused> {
    let range = Range::read(given)?;
    let (first, last) = (range.first, range.last());
    let mut parsed = json!({
        "network": range.show(first),
        "netmask": range.show(range.mask()),
        "cidr": range.prefix,
    });
    if let Value::Object(members) = &mut parsed {
        let reserves = range.bits == 32 && range.prefix < 31;
        let kept = u128::from(reserves);
        if range.bits == 32 {
            members.insert("broadcast".to_owned(), range.show(last).into());
        }
        members.insert("firstUsable".to_owned(), range.show(first + kept).into());
        members.insert("lastUsable".to_owned(), range.show(last - kept).into());
    }
    Ok(parsed)
}

fn cidr_subnet(given: &Given<'_>) -> Result<Value, Refused> {
    let range = Range::read(given)?;
    let outside = || given.refused("the subnet does not lie in the address range");
    let prefix = u32::try_from(given.integer(1)?).ok();
    let prefix = prefix.filter(|prefix| (range.prefix..=range.bits).contains(prefix));
    let subnet = Range { prefix: prefix.ok_or_else(outside)?, ..range };
    let index = u128::try_from(given.integer(2)?).map_err(|_| outside())?;
    let offset = subnet.hosts().checked_add(1).and_then(|size| size.checked_mul(index));
    let first = match offset {
        Some(offset) => range.first.checked_add(offset),
        // The whole of IPv6, of which there is one.
        None => Some(range.first).filter(|_| index == 0),
    };
    let first = first.filter(|first| *first <= range.last()).ok_or_else(outside)?;
    Ok(format!("{}/{}", range.show(first), subnet.prefix).into())
}

/// The index counts from the first address after the network's own.
fn cidr_host(given: &Given<'_>) -> Result<Value, Refused> {
    let range = Range::read(given)?;
    let outside = || given.refused("the host does not lie in the address range");
    let index = u128::try_from(given.integer(1)?).map_err(|_| outside())?;
    let address = range.first.checked_add(index).and_then(|address| address.checked_add(1));
    let address = address.filter(|address| *address <= range.last()).ok_or_else(outside)?;
    Ok(range.show(address).into())
}
