//! The allocator's setting for `mirrord ui`, which runs for days and whose sessions come and go.
//!
//! glibc gives each thread an arena of its own, up to eight a processor, and what a burst freed in one of them is
//! neither used by another thread nor given back: with a hundred busy sessions and four readers 446 MiB were resident
//! after 240 s, and growing. With two arenas it is 324 MiB once all that is kept is full, and flat. Each thread has a
//! small cache of its own before the arena. An allocator of another make would be one more dependency, in C, for the
//! same.

/// Arenas of the process: one for most threads, and another where that is busy.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const MAX_ARENAS: libc::c_int = 2;

/// Limits the allocator's arenas. For the start of a process, before it has threads.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[expect(unsafe_code, reason = "mallopt(3) has no safe wrapper")]
pub(crate) fn limit_arenas() {
    // SAFETY: mallopt(3) takes two numbers and changes a setting of the allocator; no other thread runs yet.
    // Refused (0), everything works as before.
    unsafe { libc::mallopt(libc::M_ARENA_MAX, MAX_ARENAS) };
}

/// Other allocators have no arena for each thread.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(crate) fn limit_arenas() {}
