//! Capture of sent messages: destinations of datagrams, and questions to a name server, found by the address in the
//! call or by the socket's peer.
//!
//! Only finds and copies; the event worker deduplicates. A message is read only where it goes to a name server.

use super::address::Address;
use super::connections::read_address;
use super::dns::parse_question;
use super::memory::{self, ReadError};
use super::processes::Caller;
use super::queue::{Call, Destination};
use super::resolver_sockets::PORT;
use super::syscalls::{Kind, MAX_QUERY_BYTES, MIN_QUERY_BYTES};

/// Parts that a message is put together from; a resolver's has one or two.
const MAX_PARTS: u64 = 8;
/// Messages of one `sendmmsg` that are looked at; a resolver sends two.
const MAX_MESSAGES: u64 = 8;
/// `sizeof(struct mmsghdr)`.
const MESSAGE_BYTES: u64 = 64;

/// Gives each message of the call that goes to a name server, and where the call has an address, where it goes.
pub(crate) fn capture_sent(
    caller: &mut Caller<'_>,
    kind: Kind,
    arguments: &[u64; 6],
    mut found: impl FnMut(Call),
) -> Result<(), ReadError> {
    let [fd, pointer, count, _, address, address_length] = *arguments;
    let fd = fd as i32;
    match kind {
        Kind::SendTo | Kind::Write => {
            let (address, length) = match kind {
                Kind::SendTo => (address, address_length),
                _ => (0, 0),
            };
            if goes_to_resolver(caller, fd, (address, length), &mut found)? {
                let message = read_parts(caller.tid, &[(pointer, count)])?;
                capture_query(fd, message, &mut found);
            }
        }
        Kind::SendMessage => capture_message(caller, fd, pointer, &mut found)?,
        Kind::SendMessages => {
            for index in 0..MAX_MESSAGES.min(u64::from(count as u32)) {
                let pointer = pointer.checked_add(MESSAGE_BYTES * index).ok_or(ReadError::Invalid)?;
                capture_message(caller, fd, pointer, &mut found)?;
            }
        }
        _ => {}
    }
    Ok(())
}

/// Returns whether a message goes to a name server: by its address, which is given as well, or by what the socket is
/// connected to.
fn goes_to_resolver(
    caller: &mut Caller<'_>,
    fd: i32,
    address: (u64, u64),
    found: &mut impl FnMut(Call),
) -> Result<bool, ReadError> {
    match address {
        (0, _) => Ok(caller.is_connected_to_resolver(fd)),
        address => capture_destination(caller, fd, address, found),
    }
}

/// Gives where a datagram goes; true where that is a name server.
fn capture_destination(
    caller: &mut Caller<'_>,
    fd: i32,
    (address, length): (u64, u64),
    found: &mut impl FnMut(Call),
) -> Result<bool, ReadError> {
    let tid = caller.tid;
    let to = match read_address(tid, address, length)? {
        // Nothing can be sent to port 0; a ping has none.
        None | Some(Address::Internet { port: 0, .. }) => return Ok(false),
        Some(Address::Internet { ip, port }) => Destination::Internet { ip, port },
        Some(Address::Path(path)) => Destination::Path(caller.locate_from_working_directory(path)?),
        Some(Address::Abstract(name)) => Destination::Name(name),
    };
    let asks = matches!(to, Destination::Internet { port: PORT, .. });
    if caller.sends(fd, &to) {
        found(Call::Sent { tid, fd, to });
    }
    Ok(asks)
}

/// Gives a message where it is a question.
fn capture_query(fd: i32, message: Vec<u8>, found: &mut impl FnMut(Call)) {
    if parse_question(&message).is_some() {
        found(Call::Query { fd, message });
    }
}

/// Reads a `struct msghdr`.
fn capture_message(
    caller: &mut Caller<'_>,
    fd: i32,
    pointer: u64,
    found: &mut impl FnMut(Call),
) -> Result<(), ReadError> {
    let [name, name_length, parts, count] = memory::read_words(caller.tid, pointer)?;
    if !goes_to_resolver(caller, fd, (name, name_length), found)? || count == 0 || count > MAX_PARTS {
        return Ok(());
    }
    let mut places = Vec::with_capacity(count as usize);
    for index in 0..count {
        let place = parts.checked_add(16 * index).ok_or(ReadError::Invalid)?;
        let [start, length] = memory::read_words(caller.tid, place)?;
        places.push((start, length));
    }
    let message = read_parts(caller.tid, &places)?;
    capture_query(fd, message, found);
    Ok(())
}

/// The bytes of all parts. `Invalid` where together they are too few or too many for a query.
fn read_parts(tid: u32, parts: &[(u64, u64)]) -> Result<Vec<u8>, ReadError> {
    let total = parts
        .iter()
        .try_fold(0_u64, |sum, (_, length)| sum.checked_add(*length));
    let is_possible = |total: &u64| (u64::from(MIN_QUERY_BYTES)..=u64::from(MAX_QUERY_BYTES)).contains(total);
    let total = total.filter(is_possible).ok_or(ReadError::Invalid)?;
    let mut bytes = vec![0; total as usize];
    let mut rest = &mut bytes[..];
    for (start, length) in parts {
        let (part, after) = rest.split_at_mut_checked(*length as usize).ok_or(ReadError::Invalid)?;
        if !part.is_empty() {
            memory::read_exact(tid, *start, part)?;
        }
        rest = after;
    }
    Ok(bytes)
}
