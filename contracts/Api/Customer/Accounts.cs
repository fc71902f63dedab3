namespace Billing.Contracts.Api;

/// <summary>Opens a contract account; the account number is in the path.</summary>
/// <param name="Customer">The holder, who must be registered.</param>
/// <param name="Region">The supply region.</param>
/// <param name="Project">The compound or site.</param>
/// <param name="Address">The full address.</param>
/// <param name="Class">The customer class.</param>
/// <param name="OpenedOn">The first day of the contract, inclusive.</param>
/// <param name="Electricity">The electricity supply, or null.</param>
/// <param name="Heat">The heat supply, or null.</param>
public sealed record OpenAccountRequest(
    CustomerNo Customer, string Region, string Project, string Address, CustomerClass Class, DateOnly OpenedOn,
    ElectricitySupplyPoint? Electricity, HeatSupplyPoint? Heat);

/// <summary>An account in its present state.</summary>
/// <param name="Account">Its number.</param>
/// <param name="Customer">The holder's number.</param>
/// <param name="MaskedName">The holder's name, masked.</param>
/// <param name="Region">The supply region.</param>
/// <param name="Project">The compound or site.</param>
/// <param name="Class">The customer class.</param>
/// <param name="OpenedOn">The first day of the contract, inclusive.</param>
/// <param name="Electricity">The electricity supply, or null.</param>
/// <param name="Heat">The heat supply, or null.</param>
public sealed record AccountDetails(
    AccountNo Account, CustomerNo Customer, string MaskedName, Region Region, Project Project, CustomerClass Class,
    DateOnly OpenedOn, ElectricitySupplyPoint? Electricity, HeatSupplyPoint? Heat);

/// <summary>An account in a list.</summary>
/// <param name="AccountNo">Its number.</param>
/// <param name="CustomerNo">The holder's number.</param>
/// <param name="MaskedName">The holder's name, masked.</param>
/// <param name="Region">The supply region.</param>
/// <param name="Project">The compound or site.</param>
/// <param name="Class">The customer class.</param>
/// <param name="ElectricityPlan">The plan of the electricity supply, or null without one.</param>
/// <param name="HeatPlan">The plan of the heat supply, or null without one.</param>
/// <param name="OpenedOn">The first day of the contract, inclusive.</param>
public sealed record AccountRow(
    AccountNo AccountNo, CustomerNo CustomerNo, string MaskedName, Region Region, Project Project,
    CustomerClass Class, PlanCode? ElectricityPlan, PlanCode? HeatPlan, DateOnly OpenedOn);

/// <summary>A page of accounts.</summary>
/// <param name="Accounts">The accounts by number.</param>
/// <param name="Next">The value of <c>after</c> that asks for the next page; null on the last.</param>
public sealed record AccountPage(IReadOnlyList<AccountRow> Accounts, string? Next);
