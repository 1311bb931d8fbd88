//! What a caller sends to a name server: found by the address in the call, or by what the descriptor was connected to.
//!
//! Only finds and copies messages; whether one is a query, and whether the look-up is new, is said by `dns`, later.

use super::address::Address;
use super::calls::read_address;
use super::memory::{self, Unread};
use super::processes::Caller;
use super::syscalls::{Kind, MAX_QUERY_BYTES, MIN_QUERY_BYTES};

/// The port of name servers.
pub(crate) const PORT: u16 = 53;
/// Parts that a message is put together from; a resolver's has one or two.
const MAX_PARTS: u64 = 8;
/// Messages of one `sendmmsg` that are looked at; a resolver sends two.
const MAX_MESSAGES: u64 = 8;
/// `sizeof(struct mmsghdr)`.
const MESSAGE_BYTES: u64 = 64;

/// Gives each message of the call that goes to a name server.
pub(crate) fn sent(
    caller: &Caller<'_>,
    kind: Kind,
    arguments: &[u64; 6],
    mut found: impl FnMut(Vec<u8>),
) -> Result<(), Unread> {
    let [fd, pointer, count, _, address, address_length] = *arguments;
    let fd = fd as i32;
    match kind {
        Kind::SendTo if address != 0 && !goes_to_resolver(caller.tid, address, address_length)? => {}
        Kind::SendTo if address == 0 && !caller.is_resolver(fd) => {}
        Kind::Write if !caller.is_resolver(fd) => {}
        Kind::SendTo | Kind::Write => found(gather(caller.tid, &[(pointer, count)])?),
        Kind::SendMessage => message(caller, fd, pointer)?.into_iter().for_each(found),
        Kind::SendMessages => {
            for index in 0..MAX_MESSAGES.min(u64::from(count as u32)) {
                let pointer = pointer.checked_add(MESSAGE_BYTES * index).ok_or(Unread::Invalid)?;
                message(caller, fd, pointer)?.into_iter().for_each(&mut found);
            }
        }
        _ => {}
    }
    Ok(())
}

fn goes_to_resolver(tid: u32, address: u64, length: u64) -> Result<bool, Unread> {
    let address = read_address(tid, address, length)?;
    Ok(matches!(address, Some(Address::Internet { port: PORT, .. })))
}

/// The message of a `struct msghdr`, where it goes to a name server.
fn message(caller: &Caller<'_>, fd: i32, pointer: u64) -> Result<Option<Vec<u8>>, Unread> {
    let [name, name_length, parts, count] = memory::words(caller.tid, pointer)?;
    let is_query = if name == 0 {
        caller.is_resolver(fd)
    } else {
        goes_to_resolver(caller.tid, name, name_length)?
    };
    if !is_query || count == 0 || count > MAX_PARTS {
        return Ok(None);
    }
    let mut places = Vec::with_capacity(count as usize);
    for index in 0..count {
        let place = parts.checked_add(16 * index).ok_or(Unread::Invalid)?;
        let [start, length] = memory::words(caller.tid, place)?;
        places.push((start, length));
    }
    gather(caller.tid, &places).map(Some)
}

/// The bytes of all parts. `Invalid` where together they are too few or too many for a query.
fn gather(tid: u32, parts: &[(u64, u64)]) -> Result<Vec<u8>, Unread> {
    let total = parts
        .iter()
        .try_fold(0_u64, |sum, (_, length)| sum.checked_add(*length));
    let is_possible = |total: &u64| (u64::from(MIN_QUERY_BYTES)..=u64::from(MAX_QUERY_BYTES)).contains(total);
    let total = total.filter(is_possible).ok_or(Unread::Invalid)?;
    let mut bytes = vec![0; total as usize];
    let mut rest = &mut bytes[..];
    for (start, length) in parts {
        let (part, after) = rest.split_at_mut_checked(*length as usize).ok_or(Unread::Invalid)?;
        if !part.is_empty() {
            memory::exactly(tid, *start, part)?;
        }
        rest = after;
    }
    Ok(bytes)
}
