using Billing.Contracts;

namespace Billing.Invoicing;

/// <summary>Every run drafts into a table of its own.</summary>
internal static class DraftTables
{
    /// <summary>The run's own table of draft invoices, quoted; the form of a name leaves nothing to escape.</summary>
    public static string DraftTable(this RunName run) => $"work.\"draft_{run.Value}\"";
}
