using Billing.Contracts;

namespace Billing.Rating;

/// <summary>
/// The terms of suspending heat for a season (报停, rules.md 1.7): the share still payable, and the deadline of the
/// application.
/// </summary>
public sealed class Suspension
{
    private readonly MonthDay? _fixed;
    private readonly int? _daysBefore;

    private Suspension(PlanObject json)
    {
        Share = json.Number("share", 0m, 1m);
        _fixed = json.Has("applyBy") ? json.MonthDay("applyBy") : null;
        _daysBefore = json.OptionalWhole("daysBefore", 0, 365);
        if (_fixed is not null && _daysBefore is not null)
            json.Fail("daysBefore", "an application has one deadline: a day, or days before the season");
        MinimumSeasons = json.OptionalWhole("minimumSeasons", 1, 10) ?? 1;
        NoAction = json.Has("noAction")
            ? json.Choice("noAction", ("CONTINUE", NoAction.Continue), ("KEEP_STATE", NoAction.KeepState),
                ("STOP", NoAction.Stop))
            : NoAction.Continue;
        json.Finish();
    }

    /// <summary>The share of the season fee that a suspended supply pays.</summary>
    public decimal Share { get; }

    /// <summary>The least number of seasons of a suspension.</summary>
    public int MinimumSeasons { get; }

    /// <summary>What happens without an application (rules.md H-27).</summary>
    public NoAction NoAction { get; }

    /// <summary>
    /// The last day on which an application for a season is accepted, or null when there is no deadline. A number of
    /// days counts back from the season's first day: 15 days before 15 November is 31 October (rules.md H-26).
    /// </summary>
    public DateOnly? LastDay(DateRange season) => _daysBefore is { } days ? season.First.AddDays(-days)
        : _fixed?.In(season.First.Year);

    /// <summary>Whether an application on a day is accepted for a season.</summary>
    public bool Accepts(DateOnly applied, DateRange season) => LastDay(season) is not { } last || applied <= last;

    internal static Suspension Read(PlanObject json) => new(json);
}

/// <summary>What happens to a supply without an application.</summary>
public enum NoAction
{
    /// <summary>It is heated.</summary>
    Continue,

    /// <summary>It stays as it was in the last season.</summary>
    KeepState,

    /// <summary>When it is unpaid and not locked, it counts as suspended.</summary>
    Stop,
}
