using Billing.Contracts;

namespace Billing.Invoicing;

/// <summary>Names the draft tables: every run has one of its own.</summary>
internal static class DraftTables
{
    /// <summary>
    /// The run's own table of draft invoices, quoted; a run's name contains nothing that needs escaping.
    /// </summary>
    public static string DraftTable(this RunName run) => $"work.\"draft_{run.Value}\"";
}
