using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Billing.Customers;

/// <summary>The accounts of a project, page by page, and one account in its present state.</summary>
public static class AccountList
{
    internal const int LargestPage = 500;

    internal static readonly Table<AccountRow> Accounts = new Table<AccountRow>("accounts")
        .Key("account_no", row => row.AccountNo.Value)
        .Column("customer_no", row => row.CustomerNo.Value)
        .Column("masked_name", row => row.MaskedName)
        .Column("region", row => row.Region.Value)
        .Column("project", row => row.Project.Value)
        .Column("class", row => row.Class.WireName())
        .Column("electricity_plan", row => row.ElectricityPlan?.Value)
        .Column("heat_plan", row => row.HeatPlan?.Value)
        .Column("opened_on", row => row.OpenedOn);

    public static readonly Rejection LimitInvalid = Rejection.Invalid(
        "limit-invalid", "A page has 1 to 500 entries.") with { Status = 400 };

    public static void MapAccountList(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/accounts", List).WithName("Accounts").RequireRight(Right.ReadAccounts).FilteredByScope()
            .WithSummary("Lists all accounts or those of a project, page by page.")
            .Refuses(LimitInvalid);
        routes.MapGet("/accounts/{account}", Get).WithName("Account").RequireRight(Right.ReadAccounts)
            .WithSummary("Returns an account with its contract and supplies.")
            .Refuses(ChangeElectricity.AccountUnknown);
    }

    internal static void Project(Rows rows, Recorded<AccountEvent> recorded, Account before, Account after)
    {
        var open = (Account.Open)after;
        var (contract, account) = (open.Contract, open.Opening.Account);
        var row = new AccountRow(
            account, contract.Customer, contract.MaskedName, contract.Region, contract.Project, contract.Class,
            open.Electricity?.Plan, open.Heat?.Plan, contract.OpenedOn);
        if (recorded.Event is AccountOpened)
            rows.Insert(Accounts, row);
        else
            rows.Upsert(Accounts, row);
    }

    private static async Task<Results<Ok<AccountPage>, ProblemHttpResult>> List(
        HttpContext context, NpgsqlDataSource source, CancellationToken cancellation, Project? project = null,
        AccountNo? after = null, int limit = 100)
    {
        if (limit is < 1 or > LargestPage)
            return LimitInvalid.ToProblem();
        await using var connection = await source.OpenConnectionAsync(cancellation);
        var scope = Scope.Of(context);
        var sql = $"""
            select account_no "AccountNo", customer_no "CustomerNo", masked_name "MaskedName", region, project, class,
              electricity_plan "ElectricityPlan", heat_plan "HeatPlan", opened_on "OpenedOn"
            from accounts where {(project is null ? "" : "project = @project and ")}account_no > @after
              and {scope.Condition}
            order by account_no limit @limit
            """;
        var rows = (await connection.QueryAsync<AccountRow>(new CommandDefinition(
            sql, new { project = project?.Value, after = after?.Value ?? "", limit, scope.Regions, scope.Projects },
            cancellationToken: cancellation))).AsList();
        return TypedResults.Ok(new AccountPage(rows, rows.Count == limit ? rows[^1].AccountNo.Value : null));
    }

    private static async Task<Results<Ok<AccountDetails>, ProblemHttpResult>> Get(
        AccountNo account, EventStore store, CancellationToken cancellation)
    {
        var (state, _) = await store.Load(Account.Stream(account), cancellation);
        if (state is not Account.Open open)
            return ChangeElectricity.AccountUnknown.ToProblem();
        var contract = open.Contract;
        return TypedResults.Ok(new AccountDetails(
            account, contract.Customer, contract.MaskedName, contract.Region, contract.Project,
            contract.Class, contract.OpenedOn, open.Electricity?.ToWire(), open.Heat?.ToWire()));
    }
}
