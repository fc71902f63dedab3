using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Billing.Collections;

/// <summary>
/// Accounts with overdue invoices, by account number; the next page begins after the last account of this one.
/// </summary>
public static class OverdueAccounts
{
    private const int MostPerPage = 1_000;

    private static readonly Rejection LimitOutOfRange = Rejection.Invalid(
        "limit-out-of-range", $"A page holds 1 to {MostPerPage} accounts.") with { Status = 400 };

    public static void MapOverdueAccounts(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/overdue", Handle).WithName("OverdueAccounts")
            .RequireRight(Right.ReadReceivables).FilteredByScope()
            .WithSummary("Lists overdue accounts, page by page.")
            .Refuses(LimitOutOfRange);

    private static async Task<Results<Ok<Dated<OverdueAccountPage>>, ProblemHttpResult>> Handle(
        HttpContext context, NpgsqlDataSource source, TimeProvider clock, CancellationToken cancellation,
        Project? project = null, AccountNo? after = null, int limit = 100, DateOnly? asOf = null)
    {
        if (limit is < 1 or > MostPerPage)
            return LimitOutOfRange.ToProblem();
        var day = asOf ?? clock.Today();
        return await Figures.Read(
            source, day,
            connection => Read(connection, Scope.Of(context), project?.Value, after?.Value ?? "", limit, day),
            cancellation);
    }

    private static async Task<OverdueAccountPage> Read(
        NpgsqlConnection connection, Scope scope, string? project, string after, int limit, DateOnly asOf)
    {
        var ofProject = project is null ? "" : "and project = @project";
        var rows = await connection.QueryAsync<Row>($"""
            select account_no as Account, sum(open_fen)::bigint as Fen, count(*) as Invoices, min(due_on) as Since,
              (array_agg(invoice_no order by due_on, invoice_no))[1] as Oldest,
              (array_agg(project order by due_on, invoice_no))[1] as Project,
              (array_agg(class order by due_on, invoice_no))[1] as Class
            from receivable
            where open_fen > 0 and due_on < @asOf and account_no > @after {ofProject}
              and {scope.Condition}
            group by account_no order by account_no limit @limit
            """, new { asOf, after, project, limit, scope.Regions, scope.Projects });
        OverdueAccount[] accounts = [.. rows.Select(row => new OverdueAccount(
            row.Account, row.Project, row.Class, new(row.Fen), row.Invoices, row.Since, row.Oldest))];
        return new(accounts, accounts.Length == limit ? accounts[^1].Account.Value : null);
    }

    private sealed record Row(
        AccountNo Account, long Fen, long Invoices, DateOnly Since, InvoiceNo Oldest, Project Project,
        CustomerClass Class);
}
