//! The filter that decides, inside the kernel, which calls are announced to us.
//!
//! Invariant: what is not watched is allowed, and so is every call of another architecture than ours. The program is a
//! binary search over call numbers, and it never refuses anything. It cannot follow pointers: what depends on memory is
//! decided by the observer.

use libc::{c_ulong, sock_filter};

use super::syscalls::{Rule, WATCHED};

#[cfg(target_arch = "x86_64")]
const ARCHITECTURE: u32 = 0xc000_003e;
#[cfg(target_arch = "aarch64")]
const ARCHITECTURE: u32 = 0xc000_00b7;

/// Without `SPEC_ALLOW` kernels before 5.16 would slow the program by mitigations that it did not ask for.
pub(crate) const FLAGS: c_ulong = libc::SECCOMP_FILTER_FLAG_SPEC_ALLOW;
/// With it (Linux 5.19) a call that we have received waits through signals, so that it is not made twice.
pub(crate) const FLAGS_KILLABLE: c_ulong = FLAGS | libc::SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;

/// Where `struct seccomp_data` has what.
const NUMBER: u32 = 0;
const ARCH: u32 = 4;
const INSTRUCTION_HIGH: u32 = 12;

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
            let body = body(*rule);
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

/// What happens to a watched call: it ends in the announcement, or runs off its end, where the call is allowed.
fn body(rule: Rule) -> Vec<sock_filter> {
    match rule {
        Rule::Always => vec![announce()],
        Rule::UnlessFlag { argument, flag } => {
            vec![
                load(argument_low(argument)),
                jump(libc::BPF_JSET, flag, 1, 0),
                announce(),
            ]
        }
        Rule::Length { argument, least, most } => length(argument, least, most),
        Rule::LowCode { argument, least, most } => {
            let length = length(argument, least, most);
            let mut code = vec![
                load(INSTRUCTION_HIGH),
                jump(libc::BPF_JEQ, 0, 0, length.len() + 2),
                load(argument_low(0)),
                jump(libc::BPF_JGT, 2, 0, length.len()),
            ];
            code.extend(length);
            code
        }
    }
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

    /// The four instructions that the program is made of, as the kernel runs them; the answer and the steps it took.
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
            // A length and flags that meet every rule, and code that lies low.
            let mut data = Data::call(number, [3, 0, 100, 0, 0, 0]);
            data.instruction = 0x40_1000;
            if WATCHED
                .iter()
                .any(|call| call.number == number && matches!(call.rule, Rule::UnlessFlag { .. }))
            {
                data.arguments = [0; 6];
            }
            let watched = WATCHED.iter().any(|call| call.number == number);
            assert_eq!(announced(&data), watched, "call {number}");
            let (_, steps) = run(&data);
            assert!(steps <= 22, "call {number} takes {steps} steps");
        }
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

    #[test]
    fn only_what_can_be_a_name_query_is_announced_of_what_is_sent() {
        for (length, expected) in [
            (16, false),
            (17, true),
            (1_024, true),
            (1_025, false),
            (u64::MAX, false),
            (1 << 32 | 100, false),
        ] {
            assert_eq!(
                announced(&Data::call(libc::SYS_sendto, [3, 1, length, 0, 0, 0])),
                expected,
                "{length}"
            );
        }
    }

    #[test]
    fn writes_are_announced_from_low_code_to_other_descriptors_than_the_standard_ones_only() {
        let call = |fd, instruction, length| {
            let mut data = Data::call(libc::SYS_write, [fd, 1, length, 0, 0, 0]);
            data.instruction = instruction;
            announced(&data)
        };
        assert!(call(3, 0x40_1000, 40));
        assert!(!call(3, 0x7f00_0040_1000, 40));
        assert!(!call(2, 0x40_1000, 40));
        assert!(!call(3, 0x40_1000, 4_096));
    }
}
