using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Billing.Customers;

/// <summary>
/// Opens a contract account for a customer at a place. The account number is given by the caller and identifies the
/// stream; the same opening again changes nothing, even after the supply has changed, and other facts under the number
/// are refused.
/// </summary>
/// <param name="Number">The account's number.</param>
/// <param name="Customer">The holder's number.</param>
/// <param name="Holder">The holder in their registered state.</param>
/// <param name="Region">The supply region; the default value for one that is malformed.</param>
/// <param name="Project">The compound or site; the default value for one that is malformed.</param>
/// <param name="Address">The full address; stays in this service.</param>
/// <param name="Class">The class.</param>
/// <param name="OpenedOn">The first day of the contract.</param>
/// <param name="Electricity">The electricity supply, or null.</param>
/// <param name="Heat">The heat supply, or null.</param>
/// <param name="Plans">The published plans.</param>
/// <param name="Today">Today's business date.</param>
/// <param name="Key">The holder's key; null when there is none.</param>
public sealed record OpenAccount(
    AccountNo Number, CustomerNo Customer, Holder Holder, Region Region, Project Project, string Address,
    CustomerClass Class, DateOnly OpenedOn, ElectricitySupply? Electricity, HeatSupply? Heat, PublishedPlans Plans,
    DateOnly Today, CustomerKey? Key)
    : ICommand<Account, AccountEvent>
{
    private static readonly DateOnly Earliest = new(1900, 1, 1);

    public static readonly Rejection HolderUnknown = Rejection.Invalid(
        "account-customer-unknown", "The account's customer is not registered.");

    public static readonly Rejection RegionInvalid = Rejection.Invalid(
        "account-region-invalid", $"A region is {Contracts.Region.Form}.");

    public static readonly Rejection ProjectInvalid = Rejection.Invalid(
        "account-project-invalid", $"A project is {Contracts.Project.Form}.");

    public static readonly Rejection AddressInvalid = Rejection.Invalid(
        "account-address-invalid", "An address is 1 to 200 characters on one line.");

    public static readonly Rejection ClassUnknown = Rejection.Invalid(
        "account-class-unknown", "The class is Residential, Commercial, Industrial, Public or Agriculture.");

    public static readonly Rejection OpenedOnInvalid = Rejection.Invalid(
        "account-opened-on-invalid", "A contract begins between 1900-01-01 and a year from today.");

    public static readonly Rejection NothingSupplied = Rejection.Invalid(
        "account-nothing-supplied", "An account is supplied with electricity, with heat, or with both.");

    public static readonly Rejection OpenedOtherwise = Rejection.Conflict(
        "account-opened-otherwise", "This account is already open with other facts.");

    /// <inheritdoc/>
    public Rejection? Refuse() =>
        Region == default ? RegionInvalid
        : Project == default ? ProjectInvalid
        : !PlainText.IsValid(Address, 200) ? AddressInvalid
        : !Enum.IsDefined(Class) ? ClassUnknown
        : OpenedOn < Earliest ? OpenedOnInvalid
        : Electricity is null && Heat is null ? NothingSupplied
        : Electricity?.Check() ?? Heat?.Check();

    public Decision<AccountEvent> Decide(Account state) => (state, Holder, Key) switch
    {
        _ when Refuse() is { } wrong => wrong,
        (_, Customers.Holder.Erased, _) => RegisterCustomer.Erased,
        (Account.None, Customers.Holder.Registered holder, { } key) => Check() is { } mistake
            ? mistake
            : [Opening(holder, key)],
        (Account.None, _, _) => HolderUnknown,
        (Account.Open open, Customers.Holder.Registered holder, { } key) when Repeats(open.Opening, holder, key) => [],
        _ => OpenedOtherwise,
    };

    /// <summary>Whether these are the facts of an opening; the holder may have been corrected since.</summary>
    private bool Repeats(AccountOpened opening, Holder.Registered holder, CustomerKey key)
    {
        var mine = Opening(holder, key);
        return opening == mine with { Contract = mine.Contract with { MaskedName = opening.Contract.MaskedName } };
    }

    /// <summary>
    /// Checks what depends on today's date and on the present plans, which a repetition need not satisfy.
    /// </summary>
    private Rejection? Check() => OpenedOn > Today.AddYears(1)
        ? OpenedOnInvalid
        : CheckPlan(Utility.Electricity) ?? CheckPlan(Utility.Heat);

    /// <summary>The refusal of one of the supplies' plans, or null.</summary>
    internal Rejection? CheckPlan(Utility utility) =>
        (utility == Utility.Electricity ? Electricity?.Plan : Heat?.Plan) is { } plan
            ? Plans.Check(plan, utility, Class, OpenedOn, OpenedOn > Today ? OpenedOn : Today)
            : null;

    private AccountOpened Opening(Holder.Registered holder, CustomerKey key) => new(
        Number, new(Customer, holder.MaskedName, Region, Project, Class, OpenedOn), key.SealAddress(Number, Address),
        Electricity, Heat);
}

public static class OpenAccountEndpoint
{
    public static void MapOpenAccount(this IEndpointRouteBuilder routes) =>
        routes.MapPut("/accounts/{account}", Handle).WithName(nameof(OpenAccount))
            .RequireRight(Right.OpenAccount).FilteredByScope()
            .WithSummary("Opens an account for a registered customer.")
            .Refuses(
                typeof(OpenAccount), typeof(ElectricitySupply), typeof(HeatSupply), typeof(Meter),
                typeof(PublishedPlans))
            .Refuses(RegisterCustomer.Erased);

    private static async Task<Results<Created, Ok, ProblemHttpResult>> Handle(
        AccountNo account, OpenAccountRequest body, HttpContext context, EventStore store, CustomerKeys keys,
        NpgsqlDataSource source, TimeProvider clock, CancellationToken cancellation)
    {
        if (!Scope.Of(context).Allows(body.Region, body.Project)
            || await Scope.IsElsewhere(context, "customer", body.Customer.Value))
            return Scope.Other.ToProblem();
        var plans = await PublishedPlans.Of(source, [body.Electricity?.Plan, body.Heat?.Plan], cancellation);
        Region.TryParse(body.Region, null, out var region);
        Project.TryParse(body.Project, null, out var project);
        var command = new OpenAccount(
            account, body.Customer, new Holder.Unknown(), region, project, body.Address, body.Class, body.OpenedOn,
            ElectricitySupply.From(body.Electricity), HeatSupply.From(body.Heat), plans, clock.Today(), null);
        if (command.Refuse() is { } wrong)
            return wrong.ToProblem();
        var (rejection, opened) = await Execute(command, store, keys, cancellation);
        return rejection is not null ? rejection.ToProblem()
            : opened ? TypedResults.Created($"/accounts/{account}")
            : TypedResults.Ok();
    }

    /// <summary>The holder's stream is locked, too: a correction or an erasure comes before or after.</summary>
    private static Task<(Rejection? Rejection, bool Opened)> Execute(
        OpenAccount command, EventStore store, CustomerKeys keys, CancellationToken cancellation)
    {
        var (holder, place) = (Holder.Stream(command.Customer), Account.Stream(command.Number));
        return store.Bulk([holder.Id, place.Id], async session =>
        {
            var holders = await session.Load(Holder.Streams, cancellation);
            var accounts = await session.Load(Account.Streams, cancellation);
            var account = accounts.GetValueOrDefault(place.Id, new Account.None());
            var decision = (command with
            {
                Holder = holders.GetValueOrDefault(holder.Id, new Holder.Unknown()),
                Key = await keys.Find(session.Connection, command.Customer.Value, cancellation),
            }).Decide(account);
            session.Append(place, account, decision.Events);
            return (decision.Rejection, decision.Events.Count > 0);
        }, cancellation);
    }
}
