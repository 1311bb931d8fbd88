//! The filter that decides, inside the kernel, which calls are announced to us.
//!
//! Invariant: what is not watched is allowed, and so is every call of another architecture than ours. The program is a
//! binary search over call numbers, and it never refuses anything. It cannot follow pointers: what depends on memory is
//! decided by the observer.

use libc::{c_ulong, sock_filter};

use super::syscalls::{GO_QUERY, MAX_DATAGRAM_BYTES, MAX_QUERY_BYTES, MIN_QUERY_BYTES, Rule, WATCHED};

#[cfg(target_arch = "x86_64")]
const ARCHITECTURE: u32 = 0xc000_003e;
#[cfg(target_arch = "aarch64")]
const ARCHITECTURE: u32 = 0xc000_00b7;

/// Without `SPEC_ALLOW` kernels before 5.16 would slow the program by mitigations that it did not ask for.
pub(crate) const FLAGS: c_ulong = libc::SECCOMP_FILTER_FLAG_SPEC_ALLOW;
/// With it (Linux 5.19) a call that we have received waits through signals, so that it is not made twice.
pub(crate) const FLAGS_KILLABLE: c_ulong = FLAGS | libc::SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;

/// Offsets in `struct seccomp_data` (`seccomp(2)`).
const NUMBER: u32 = 0;
const ARCH: u32 = 4;

const fn argument_low(index: u8) -> u32 {
    16 + 8 * index as u32
}

const fn argument_high(index: u8) -> u32 {
    argument_low(index) + 4
}

/// The whole program.
pub(crate) fn program() -> Vec<sock_filter> {
    let mut watched: Vec<(u32, Rule)> = WATCHED.iter().map(|call| (call.number as u32, call.rule)).collect();
    watched.sort_unstable_by_key(|(number, _)| *number);
    let mut program = vec![
        load(ARCH),
        jump(libc::BPF_JEQ, ARCHITECTURE, 1, 0),
        allow(),
        load(NUMBER),
    ];
    program.extend(search(&watched));
    program
}

/// Finds the number among `watched`, which is sorted; ends in an answer on every path.
fn search(watched: &[(u32, Rule)]) -> Vec<sock_filter> {
    match watched {
        [] => vec![allow()],
        [(number, rule)] => {
            let body = rule_code(*rule);
            let mut code = vec![jump(libc::BPF_JEQ, *number, 0, body.len())];
            code.extend(body);
            code.push(allow());
            code
        }
        _ => {
            let (lower, upper) = watched.split_at(watched.len() / 2);
            let lower_code = search(lower);
            let mut code = vec![jump(libc::BPF_JGE, upper[0].0, lower_code.len(), 0)];
            code.extend(lower_code);
            code.extend(search(upper));
            code
        }
    }
}

/// Builds the check of one call: it ends in the announcement, or falls through, and the call is allowed.
fn rule_code(rule: Rule) -> Vec<sock_filter> {
    match rule {
        Rule::Always => vec![announce()],
        Rule::UnlessFlag { argument, flag } => {
            vec![
                load(argument_low(argument)),
                jump(libc::BPF_JSET, flag, 1, 0),
                announce(),
            ]
        }
        Rule::IfFlag { argument, flag } => {
            vec![
                load(argument_low(argument)),
                jump(libc::BPF_JSET, flag, 0, 1),
                announce(),
            ]
        }
        Rule::UnlessNull { argument } => vec![
            load(argument_low(argument)),
            jump(libc::BPF_JEQ, 0, 0, 2),
            load(argument_high(argument)),
            jump(libc::BPF_JEQ, 0, 1, 0),
            announce(),
        ],
        Rule::IfZero { argument } => vec![load(argument_low(argument)), jump(libc::BPF_JEQ, 0, 0, 1), announce()],
        Rule::AtMost { argument, most } => vec![
            load(argument_low(argument)),
            jump(libc::BPF_JGT, most, 1, 0),
            announce(),
        ],
        Rule::SendTo => send_to(),
        Rule::GoQuery => go_query(),
    }
}

/// Without an address (a null pointer): flags, and a question's length. With one: a small datagram's.
fn send_to() -> Vec<sock_filter> {
    let question = [
        vec![
            load(argument_low(3)),
            jump(libc::BPF_JSET, libc::MSG_NOSIGNAL as u32, 1, 0),
            allow(),
        ],
        length(2, MIN_QUERY_BYTES, MAX_QUERY_BYTES),
        vec![allow()],
    ]
    .concat();
    let mut code = vec![
        load(argument_low(4)),
        jump(libc::BPF_JEQ, 0, 0, question.len() + 2),
        load(argument_high(4)),
        jump(libc::BPF_JEQ, 0, 0, question.len()),
    ];
    code.extend(question);
    code.extend(length(2, 1, MAX_DATAGRAM_BYTES));
    code
}

fn go_query() -> Vec<sock_filter> {
    let length = length(2, MIN_QUERY_BYTES, MAX_QUERY_BYTES);
    let (first, last) = GO_QUERY.heap;
    let mut code = vec![
        load(argument_high(1)),
        jump(libc::BPF_JGE, first, 0, length.len() + 4),
        jump(libc::BPF_JGT, last, length.len() + 3, 0),
        load(argument_low(1)),
        statement(libc::BPF_ALU | libc::BPF_AND | libc::BPF_K, GO_QUERY.alignment - 1),
        jump(libc::BPF_JEQ, GO_QUERY.offset, 0, length.len()),
    ];
    code.extend(length);
    code
}

fn length(argument: u8, least: u32, most: u32) -> Vec<sock_filter> {
    vec![
        load(argument_high(argument)),
        jump(libc::BPF_JEQ, 0, 0, 4),
        load(argument_low(argument)),
        jump(libc::BPF_JGE, least, 0, 2),
        jump(libc::BPF_JGT, most, 1, 0),
        announce(),
    ]
}

fn load(offset: u32) -> sock_filter {
    statement(libc::BPF_LD | libc::BPF_W | libc::BPF_ABS, offset)
}

fn allow() -> sock_filter {
    statement(libc::BPF_RET | libc::BPF_K, libc::SECCOMP_RET_ALLOW)
}

fn announce() -> sock_filter {
    statement(libc::BPF_RET | libc::BPF_K, libc::SECCOMP_RET_USER_NOTIF)
}

fn statement(code: u32, k: u32) -> sock_filter {
    sock_filter {
        code: code as u16,
        jt: 0,
        jf: 0,
        k,
    }
}

/// Skips so many instructions. The table is a constant: that every distance fits is seen by the tests.
fn jump(condition: u32, k: u32, when: usize, otherwise: usize) -> sock_filter {
    debug_assert!(when <= 255 && otherwise <= 255, "the filter has outgrown its jumps");
    sock_filter {
        code: (libc::BPF_JMP | condition | libc::BPF_K) as u16,
        jt: when as u8,
        jf: otherwise as u8,
        k,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Data {
        number: u32,
        arch: u32,
        instruction: u64,
        arguments: [u64; 6],
    }

    impl Data {
        fn call(number: libc::c_long, arguments: [u64; 6]) -> Self {
            Self {
                number: number as u32,
                arch: ARCHITECTURE,
                instruction: 0x7f00_0000_1000,
                arguments,
            }
        }

        fn word(&self, offset: u32) -> u32 {
            let wide = match offset / 8 {
                0 => u64::from(self.number) | u64::from(self.arch) << 32,
                1 => self.instruction,
                index => self.arguments[index as usize - 2],
            };
            (wide >> (8 * (offset % 8))) as u32
        }
    }

    /// The five instructions that the program is made of, as the kernel runs them; the answer and the steps it took.
    fn run(data: &Data) -> (u32, usize) {
        let program = program();
        let (mut at, mut accumulator, mut steps) = (0, 0, 0);
        loop {
            let now = &program[at];
            steps += 1;
            at += 1;
            let code = u32::from(now.code);
            if code == libc::BPF_LD | libc::BPF_W | libc::BPF_ABS {
                accumulator = data.word(now.k);
            } else if code == libc::BPF_ALU | libc::BPF_AND | libc::BPF_K {
                accumulator &= now.k;
            } else if code == libc::BPF_RET | libc::BPF_K {
                return (now.k, steps);
            } else {
                let met = match code & 0xf0 {
                    libc::BPF_JEQ => accumulator == now.k,
                    libc::BPF_JGE => accumulator >= now.k,
                    libc::BPF_JGT => accumulator > now.k,
                    libc::BPF_JSET => accumulator & now.k != 0,
                    other => panic!("condition {other:#x}"),
                };
                at += usize::from(if met { now.jt } else { now.jf });
            }
        }
    }

    fn announced(data: &Data) -> bool {
        run(data).0 == libc::SECCOMP_RET_USER_NOTIF
    }

    #[test]
    fn exactly_the_watched_calls_are_announced() {
        for number in 0..1_000 {
            let rule = WATCHED.iter().find(|call| call.number == number).map(|call| call.rule);
            let data = match rule {
                // Arguments that meet the rule.
                Some(Rule::SendTo) => Data::call(number, [3, 0, 100, 0, 1, 16]),
                Some(Rule::IfFlag { .. }) => Data::call(number, [1, u64::MAX, 0, 0, 0, 0]),
                Some(Rule::UnlessNull { .. }) => Data::call(number, [1 << 32; 6]),
                Some(Rule::GoQuery) => Data::call(number, [3, GO_BUFFER + 2, 100, 0, 0, 0]),
                _ => Data::call(number, [0; 6]),
            };
            let watched = rule.is_some();
            assert_eq!(announced(&data), watched, "call {number}");
            let (_, steps) = run(&data);
            assert!(steps <= 32, "call {number} takes {steps} steps");
        }
    }

    #[test]
    fn a_seccomp_filter_without_a_listener_is_left_alone() {
        let flag = libc::SECCOMP_FILTER_FLAG_NEW_LISTENER;
        assert!(announced(&Data::call(libc::SYS_seccomp, [1, flag, 0, 0, 0, 0])));
        assert!(!announced(&Data::call(libc::SYS_seccomp, [1, 0, 0, 0, 0, 0])));
    }

    #[test]
    fn other_architectures_and_other_abis_are_left_alone() {
        let mut data = Data::call(libc::SYS_openat, [0; 6]);
        data.arch = 0x4000_0003;
        assert!(!announced(&data));
        let mut data = Data::call(libc::SYS_openat, [0; 6]);
        data.number |= 0x4000_0000;
        assert!(!announced(&data));
    }

    #[test]
    fn the_times_of_an_open_file_are_not_announced() {
        let utimensat = |path: u64| announced(&Data::call(libc::SYS_utimensat, [3, path, 0, 0, 0, 0]));
        assert!(utimensat(0x7fff_0000_1000) && utimensat(0x1000) && utimensat(1 << 32));
        assert!(!utimensat(0));
    }

    #[test]
    fn a_stat_of_an_open_file_is_not_announced() {
        let empty_path = libc::AT_EMPTY_PATH as u64;
        assert!(!announced(&Data::call(
            libc::SYS_newfstatat,
            [3, 1, 1, empty_path, 0, 0]
        )));
        assert!(announced(&Data::call(libc::SYS_newfstatat, [3, 1, 1, 0x100, 0, 0])));
        assert!(!announced(&Data::call(
            libc::SYS_statx,
            [3, 1, empty_path | 0x100, 0, 0, 0]
        )));
        assert!(announced(&Data::call(libc::SYS_statx, [3, 1, 0, empty_path, 0, 0])));
    }

    /// On Go's heap, where a buffer may start.
    const GO_BUFFER: u64 = ((GO_QUERY.heap.0 as u64) << 32) + 0x12_3440;

    #[test]
    fn only_what_can_be_a_name_query_is_announced_of_what_is_sent_without_an_address() {
        let nosignal = libc::MSG_NOSIGNAL as u64;
        for (length, expected) in [
            (16, false),
            (17, true),
            (320, true),
            (321, false),
            (u64::MAX, false),
            (1 << 32 | 100, false),
        ] {
            let sent = |flags| announced(&Data::call(libc::SYS_sendto, [3, 1, length, flags, 0, 0]));
            assert_eq!(sent(nosignal), expected, "{length}");
            assert!(!sent(0), "{length}");
        }
    }

    #[test]
    fn small_datagrams_with_an_address_are_announced() {
        for address in [0x7fff_0000_1000, 0x1_0000_0000, 0x1000] {
            let sent = |length| announced(&Data::call(libc::SYS_sendto, [3, 1, length, 0, address, 16]));
            assert!(sent(1) && sent(1_024));
            assert!(!sent(0) && !sent(1_025) && !sent(1 << 32 | 8));
        }
    }

    #[test]
    fn messages_over_streams_are_left_alone() {
        let nosignal = libc::MSG_NOSIGNAL as u64;
        assert!(announced(&Data::call(libc::SYS_sendmsg, [3, 1, 0, 0, 0, 0])));
        assert!(!announced(&Data::call(libc::SYS_sendmsg, [3, 1, nosignal, 0, 0, 0])));
        assert!(announced(&Data::call(libc::SYS_sendmmsg, [3, 1, 2, nosignal, 0, 0])));
        assert!(!announced(&Data::call(libc::SYS_sendmmsg, [3, 1, 3, nosignal, 0, 0])));
    }

    #[test]
    fn of_writes_only_those_are_announced_that_go_asks_a_name_server_with() {
        let call = |buffer, length| announced(&Data::call(libc::SYS_write, [3, buffer, length, 0, 0, 0]));
        assert!(call(GO_BUFFER + 2, 40));
        assert!(call(GO_BUFFER + 0x10_0000_0002, 40));
        assert!(!call(GO_BUFFER, 40));
        assert!(!call(GO_BUFFER + 16, 40));
        assert!(!call(GO_BUFFER + 2, 4_096));
        for elsewhere in [0x40_1002, 0x7f00_0040_1002, 0x5555_0040_1002, u64::MAX - 61] {
            assert!(!call(elsewhere, 40), "{elsewhere:#x}");
        }
    }
}
