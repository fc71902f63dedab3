using Billing.Contracts;
using Billing.Platform;
using Npgsql;

namespace Billing.Customers;

/// <summary>What a plan covers: its versions that are not withdrawn, taken together.</summary>
/// <param name="Utility">What it prices.</param>
/// <param name="Classes">The customer classes it applies to.</param>
/// <param name="FirstDay">The first day of its first version, inclusive.</param>
/// <param name="LastDay">The last day of its last version, inclusive; null while one is open.</param>
public sealed record PublishedPlan(
    Utility Utility, IReadOnlySet<CustomerClass> Classes, DateOnly FirstDay, DateOnly? LastDay);

/// <summary>
/// The plans that a supply can be on, as published by Tariff. A supply on an unpublished plan could never be billed,
/// and a misspelt code would not be noticed before the month's run.
/// </summary>
public sealed class PublishedPlans(IReadOnlyDictionary<PlanCode, PublishedPlan> plans)
{
    public static readonly Rejection NotPublished = Rejection.Invalid(
        "plan-not-published", "The plan is not published, was withdrawn, or ended before this day.");

    public static readonly Rejection NotBegun = Rejection.Invalid(
        "plan-not-begun", "The plan is in force from a later day only.");

    public static readonly Rejection OtherUtility = Rejection.Invalid(
        "plan-of-another-utility", "The plan prices something else.");

    public static readonly Rejection OtherClass = Rejection.Invalid(
        "plan-not-for-class", "The plan does not serve customers of this class.");

    /// <summary>No plans, for requests that name none.</summary>
    public static readonly PublishedPlans None = new(new Dictionary<PlanCode, PublishedPlan>());

    private const string Sql = """
        select plan, utility, classes, valid_from, valid_to
        from plan_version where not withdrawn and utility is not null and ($1::text[] is null or plan = any($1))
        """;

    /// <summary>The refusal of a plan for a supply from a day on, or null.</summary>
    /// <param name="code">The plan.</param>
    /// <param name="utility">The utility supplied.</param>
    /// <param name="class">The account's class.</param>
    /// <param name="day">The first day of the supply on the plan, inclusive.</param>
    /// <param name="begunBy">The day on which the plan must be in force at the latest, inclusive: the day itself, or
    /// today for a contract that is imported and is older than today's plans.</param>
    public Rejection? Check(
        PlanCode code, Utility utility, CustomerClass @class, DateOnly day, DateOnly begunBy) =>
        !plans.TryGetValue(code, out var plan) || plan.LastDay < day
            ? NotPublished.With($"The plan {code} is not published, was withdrawn, or ended before {day:yyyy-MM-dd}.")
        : plan.FirstDay > begunBy ? NotBegun.With($"The plan {code} is in force from {plan.FirstDay:yyyy-MM-dd} only.")
        : plan.Utility != utility ? OtherUtility.With($"The plan {code} prices {plan.Utility}.")
        : !plan.Classes.Contains(@class)
            ? OtherClass.With($"The plan {code} serves {string.Join(", ", plan.Classes.Order())}, not {@class}.")
        : null;

    /// <summary>Whether a refusal concerns a plan.</summary>
    public static bool Refused(Rejection rejection) =>
        rejection.Code == NotPublished.Code || rejection.Code == NotBegun.Code || rejection.Code == OtherUtility.Code
        || rejection.Code == OtherClass.Code;

    /// <summary>Reads some plans.</summary>
    internal static async Task<PublishedPlans> Of(
        NpgsqlDataSource source, PlanCode?[] codes, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        var asked = codes.Where(code => code is not null).Select(code => code!.Value.Value).ToArray();
        return await Load(connection, asked, cancellation);
    }

    /// <summary>Reads all plans.</summary>
    internal static Task<PublishedPlans> All(NpgsqlConnection connection, CancellationToken cancellation) =>
        Load(connection, null, cancellation);

    private static async Task<PublishedPlans> Load(
        NpgsqlConnection connection, string[]? codes, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Sql, connection);
        command.Parameters.Add(new NpgsqlParameter<string[]?> { TypedValue = codes });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var plans = new Dictionary<PlanCode, PublishedPlan>();
        while (await reader.ReadAsync(cancellation))
        {
            var version = new PublishedPlan(
                Enum.Parse<Utility>(reader.GetString(1)),
                reader.GetFieldValue<string[]>(2).Select(Enum.Parse<CustomerClass>).ToHashSet(),
                reader.GetFieldValue<DateOnly>(3), reader.IsDBNull(4) ? null : reader.GetFieldValue<DateOnly>(4));
            var code = PlanCode.Wrap(reader.GetString(0));
            plans[code] = plans.TryGetValue(code, out var known) ? Together(known, version) : version;
        }
        return new(plans);
    }

    private static PublishedPlan Together(PublishedPlan one, PublishedPlan other) => one with
    {
        Classes = one.Classes.Union(other.Classes).ToHashSet(),
        FirstDay = one.FirstDay < other.FirstDay ? one.FirstDay : other.FirstDay,
        LastDay = one.LastDay is null || other.LastDay is null ? null
            : one.LastDay > other.LastDay ? one.LastDay : other.LastDay,
    };
}
