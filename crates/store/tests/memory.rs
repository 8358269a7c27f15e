//! The memory engine does everything that an engine must do.

store::store_conformance!(std::sync::Arc::new(store::memory::Memory::default()));
