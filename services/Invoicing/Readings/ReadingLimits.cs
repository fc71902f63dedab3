using Billing.Contracts;
using Microsoft.Extensions.Options;

namespace Billing.Invoicing;

/// <summary>
/// The limits of consumption from which a person should check a reading before it is billed. They are local (rules.md
/// section 10) and set under <c>Billing:Readings</c>, such as <c>Billing:Readings:KwhPerDay:Residential=50</c>.
/// </summary>
public sealed record ReadingLimits
{
    /// <summary>The name of the configuration section.</summary>
    public const string Section = "Billing:Readings";

    /// <summary>The limits that apply unless they are configured otherwise.</summary>
    public static readonly ReadingLimits Default = new();

    /// <summary>Consumption per day above the meter's own average times this is high.</summary>
    public decimal HighTimes { get; init; } = 3m;

    /// <summary>Consumption per day below the meter's own average divided by this is low.</summary>
    public decimal LowTimes { get; init; } = 4m;

    /// <summary>Differences of at most this are never flagged, kWh.</summary>
    public decimal RemarkableKwh { get; init; } = 100m;

    /// <summary>The number of days that a history must cover to be compared with.</summary>
    public decimal DaysForAverage { get; init; } = 20m;

    /// <summary>
    /// Consumption per day above this is high when there is no such history, kWh by class: for a household about five
    /// times that of an ordinary one, so that a wrong digit in the first reading is found.
    /// </summary>
    public Dictionary<CustomerClass, decimal> KwhPerDay { get; init; } = new()
    {
        [CustomerClass.Residential] = 50m,
        [CustomerClass.Commercial] = 1_000m,
        [CustomerClass.Industrial] = 20_000m,
        [CustomerClass.Public] = 5_000m,
        [CustomerClass.Agriculture] = 1_000m,
    };
}

/// <summary>Checks that every limit is more than 0, and that there is one for every class.</summary>
internal sealed class ReadingLimitsCheck : IValidateOptions<ReadingLimits>
{
    private const decimal Most = 999_999_999m;

    public ValidateOptionsResult Validate(string? name, ReadingLimits options)
    {
        (string Name, decimal Value)[] limits =
        [
            (nameof(options.HighTimes), options.HighTimes), (nameof(options.LowTimes), options.LowTimes),
            (nameof(options.RemarkableKwh), options.RemarkableKwh),
            (nameof(options.DaysForAverage), options.DaysForAverage),
            .. Enum.GetValues<CustomerClass>().Select(kind =>
                ($"{nameof(options.KwhPerDay)}:{kind}", options.KwhPerDay.GetValueOrDefault(kind))),
        ];
        var wrong = limits
            .Where(limit => limit.Value is not (> 0m and <= Most))
            .Select(limit => $"{ReadingLimits.Section}:{limit.Name} is {limit.Value}, and should be a number of more " +
                "than 0, such as 50.")
            .ToList();
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }
}
