//! Everything that an engine must do, and the store on top of it, written once and run against
//! each engine by [`store_conformance!`](crate::store_conformance).
#![expect(
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

pub mod activity;
pub mod checkpoints;
pub mod concurrency;
pub mod ephemerals;
pub mod jobs;
pub mod journal;
pub mod kit;
pub mod lists;
pub mod units;

/// Makes a test of everything that an engine must do. `$open` makes a new, empty engine each
/// time, as an `Arc<dyn Engine>`.
#[macro_export]
macro_rules! store_conformance {
    ($open:expr) => {
        $crate::store_conformance!(@tests $open;
            units {
                units_on_different_rows_do_not_meet,
                of_two_units_on_one_row_the_second_never_happened,
                a_row_that_was_only_read_counts_too,
                an_absent_row_that_was_read_counts_too,
                a_row_that_appears_in_a_range_that_was_read_is_a_conflict,
                a_row_that_leaves_a_range_that_was_read_is_a_conflict,
                a_row_that_changes_in_a_range_that_was_read_is_a_conflict,
                a_row_beside_the_range_is_no_conflict,
                a_unit_older_than_all_that_is_remembered_is_judged_by_the_rows,
                one_bad_unit_does_not_disturb_its_group,
                a_unit_sees_its_own_changes,
                a_removed_row_is_gone_from_every_list,
                a_unit_can_be_asked_for_later,
            }
            lists {
                pages_follow_each_other_without_gap_or_repetition,
                what_is_counted_is_what_is_listed,
                lists_are_in_order_and_ignore_case,
                a_group_is_not_its_longer_namesake,
                a_snapshot_stays_at_its_moment,
                a_list_longer_than_a_unit_may_look_at_is_refused,
            }
            journal {
                the_journal_is_gapless_and_in_the_order_of_commits,
                several_changes_of_one_unit_share_a_revision,
                time_never_runs_back,
                an_event_names_both_tenants_and_keeps_no_secret,
                the_index_is_the_same_after_reopening,
            }
            checkpoints {
                a_checkpoint_and_the_journal_after_it_add_up_to_the_index,
                a_checkpoint_that_was_cut_short_counts_for_nothing,
                a_checkpoint_of_an_older_form_counts_for_nothing,
                the_past_begins_with_the_checkpoint_before_it,
            }
            ephemerals {
                an_ephemeral_row_expires,
                an_ephemeral_row_is_taken_once,
                an_ephemeral_row_that_was_read_counts,
                what_has_expired_is_swept_away,
                case_counts_in_ephemeral_keys,
                what_expires_by_then_is_listed_by_kind,
            }
            jobs {
                a_job_is_leased_once,
                a_lease_that_ran_out_passes_on_and_fences_the_first,
                a_job_is_not_leased_before_it_is_due,
                a_finished_job_is_gone_together_with_its_last_effect,
                a_postponed_job_comes_again,
                a_renewed_lease_lasts_longer,
                ended_leases_let_jobs_go_on_and_fence_who_had_them,
            }
            activity {
                both_logs_are_read_latest_first,
                one_row_shows_as_the_beginning_and_the_end_of_an_operation,
                filters_hold_and_pages_continue,
                old_records_are_swept_away,
                refusals_are_kept_up_to_a_bound_and_then_counted,
            }
            concurrency {
                money_is_neither_made_nor_lost_by_concurrent_units,
                no_read_is_released_and_no_write_commits_after_a_revocation,
                a_caller_who_hangs_up_changes_nothing,
            }
        );
    };
    (@tests $open:expr; $($module:ident { $($name:ident,)* })*) => {$(
        mod $module {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    let engine: std::sync::Arc<dyn $crate::engine::Engine> = $open;
                    $crate::conformance::$module::$name(engine).await;
                }
            )*
        }
    )*};
}
