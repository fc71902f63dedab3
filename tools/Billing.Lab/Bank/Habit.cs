namespace Billing.Tools;

/// <summary>How a customer pays, and which fault occurs.</summary>
internal enum Habit
{
    /// <summary>Does not pay this time.</summary>
    DoesNotPay,

    /// <summary>Pays exactly what is owed.</summary>
    PaysExactly,

    /// <summary>Pays a round sum above what is owed.</summary>
    PaysMore,

    /// <summary>Pays a part of what is owed.</summary>
    PaysLess,

    /// <summary>The bank receives no answer, queries, and repeats the payment under the same serial.</summary>
    HearsNoAnswer,

    /// <summary>The channel sends the same payment three times at once.</summary>
    TellsThreeTimes,

    /// <summary>A fault of the bank repeats the serial with another amount.</summary>
    ChangesTheAmount,

    /// <summary>The customer has the payment reversed, and pays again.</summary>
    TakesBack,

    /// <summary>The reversal arrives before its payment, which then comes late.</summary>
    TakesBackFirst,
}

/// <summary>Draws habits in the order of the accounts, so that the same seed gives the same day.</summary>
/// <param name="chance">The random stream they are drawn from.</param>
/// <param name="partner">The customers' partner.</param>
/// <param name="dayRuns">Whether the bank day still runs; payments of a past day cannot be reversed by the
/// partner.</param>
internal sealed class Habits(Chance chance, DemoPartner partner, bool dayRuns = true)
{
    private static readonly Habit[] Special =
    [
        Habit.HearsNoAnswer, Habit.TellsThreeTimes, Habit.ChangesTheAmount, Habit.TakesBack, Habit.TakesBackFirst,
        Habit.PaysMore, Habit.PaysLess,
    ];

    private int _drawn;

    /// <summary>The next habit; the first customers have each special one once, however small the town is.</summary>
    public Habit Next() => Allowed(_drawn < Special.Length ? Special[_drawn++] : Ordinary());

    private Habit Ordinary() => chance.Between(0.0, 100.0) switch
    {
        < 14.5 => Habit.DoesNotPay,
        < 18.5 => Habit.PaysMore,
        < 20.5 => Habit.PaysLess,
        < 21.5 => Habit.HearsNoAnswer,
        < 22.5 => Habit.TellsThreeTimes,
        < 22.7 => Habit.ChangesTheAmount,
        < 23.2 => Habit.TakesBack,
        < 23.3 => Habit.TakesBackFirst,
        _ => Habit.PaysExactly,
    };

    private Habit Allowed(Habit habit) => habit switch
    {
        Habit.PaysMore when !partner.TakesMore => Habit.PaysExactly,
        Habit.PaysLess when !partner.TakesLess => Habit.PaysExactly,
        Habit.TakesBack when !dayRuns => Habit.PaysExactly,
        _ => habit,
    };
}
