namespace Billing.Tools;

/// <summary>How a customer pays, and what goes wrong on the way.</summary>
internal enum Habit
{
    /// <summary>Not at all this time.</summary>
    DoesNotPay,

    /// <summary>Exactly what is owed.</summary>
    PaysExactly,

    /// <summary>A round sum above it.</summary>
    PaysMore,

    /// <summary>A part of it.</summary>
    PaysLess,

    /// <summary>The bank hears no answer, asks, and repeats under the same serial.</summary>
    HearsNoAnswer,

    /// <summary>The channel tells of the same payment three times at once.</summary>
    TellsThreeTimes,

    /// <summary>A fault at the bank repeats the serial with another amount.</summary>
    ChangesTheAmount,

    /// <summary>The customer takes the payment back, and pays again.</summary>
    TakesBack,

    /// <summary>The reversal arrives before its payment, which then comes late.</summary>
    TakesBackFirst,
}

/// <summary>Draws habits in the order of the accounts, so that the same seed makes the same day.</summary>
/// <param name="chance">Where they are drawn from.</param>
/// <param name="partner">The partner whose customers they are.</param>
/// <param name="dayRuns">Whether the bank day runs still; of a day that is over nothing can be taken back.</param>
internal sealed class Habits(Chance chance, DemoPartner partner, bool dayRuns = true)
{
    private static readonly Habit[] Special =
    [
        Habit.HearsNoAnswer, Habit.TellsThreeTimes, Habit.ChangesTheAmount, Habit.TakesBack, Habit.TakesBackFirst,
        Habit.PaysMore, Habit.PaysLess,
    ];

    private int _drawn;

    /// <summary>The first customers show everything once, however small the town is.</summary>
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
