//! How much memory is held, to the byte: an allocator that counts.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    sync::atomic::{AtomicUsize, Ordering},
};

/// What an allocation costs besides: the system's own keeps its size in front.
const HEADER: usize = 8;
/// The system's allocations begin and end at multiples of this.
const STEP: usize = 16;

static HELD: AtomicUsize = AtomicUsize::new(0);

/// The system's allocator, counted.
pub(crate) struct Counting;

// SAFETY: everything is handed on to the system's allocator as it is.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        HELD.fetch_add(cost(layout.size()), Ordering::Relaxed);
        // SAFETY: the caller's promise is the one that the system asks for.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        HELD.fetch_sub(cost(layout.size()), Ordering::Relaxed);
        // SAFETY: as above; what was allocated here came from the system.
        unsafe { System.dealloc(at, layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        HELD.fetch_add(cost(size), Ordering::Relaxed);
        HELD.fetch_sub(cost(layout.size()), Ordering::Relaxed);
        // SAFETY: as above.
        unsafe { System.realloc(at, layout, size) }
    }
}

/// What the system takes for so many bytes.
fn cost(size: usize) -> usize {
    (size + HEADER).next_multiple_of(STEP).max(2 * STEP)
}

/// How many bytes are held now.
pub(crate) fn held() -> usize {
    HELD.load(Ordering::Relaxed)
}
