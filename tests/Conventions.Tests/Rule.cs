namespace Billing.Conventions.Tests;

/// <summary>How a rule speaks when it is broken: where, and what to do about it.</summary>
internal static class Rule
{
    /// <summary>Nothing breaks the rule.</summary>
    /// <param name="violations">Where it is broken.</param>
    /// <param name="remedy">What to do, as a sentence.</param>
    public static void Holds(IEnumerable<string> violations, string remedy)
    {
        string[] found = [.. violations];
        Assert.True(found.Length == 0, $"{remedy}\n  {string.Join("\n  ", found)}");
    }

    /// <summary>A limit is kept, except where the ratchet says how far it is not; and the ratchet is tight.</summary>
    public static void Limit(
        int most, IEnumerable<(string Subject, int Measure)> measured, Exempt[] exempt, string unit, string remedy)
    {
        var known = exempt.ToDictionary(e => e.Subject, StringComparer.Ordinal);
        var (over, slack) = (new List<string>(), new List<string>());
        foreach (var (subject, measure) in measured)
        {
            var allowed = known.Remove(subject, out var entry) ? entry.Measure : most;
            if (measure > allowed)
                over.Add($"{subject}: {measure} {unit}, at most {allowed}");
            else if (entry is not null && measure < allowed)
                slack.Add($"{subject}: {measure} {unit} now, the ratchet still allows {allowed}");
        }
        Holds(over, remedy);
        Holds(slack, "Code got shorter: lower the number in Ratchet.cs, or take the entry out when the limit is kept.");
        Holds(known.Keys, "These are gone: take them out of Ratchet.cs.");
        Holds(
            exempt.Where(e => e.Reason.Length < 20).Select(e => e.Subject), "Say in Ratchet.cs why these are exempt.");
    }
}
