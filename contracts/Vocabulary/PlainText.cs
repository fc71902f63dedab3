using System.Text;

namespace Billing.Contracts;

/// <summary>
/// Which texts are accepted as facts. A text that PostgreSQL cannot store or a screen cannot show is refused at the
/// edge.
/// </summary>
public static class PlainText
{
    private const int Shown = 40;

    /// <summary>One line of 1 to <paramref name="atMost"/> characters without blanks at its ends.</summary>
    public static bool IsValid(string text, int atMost)
    {
        if (text.Length == 0 || text.Length > atMost || char.IsWhiteSpace(text[0]) || char.IsWhiteSpace(text[^1]))
            return false;
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsControl(rune) || rune == Rune.ReplacementChar)
                return false;
        }
        return true;
    }

    /// <summary>A refused text in a form that is safe to store and to show.</summary>
    public static string Quote(string text)
    {
        var safe = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (safe.Length >= Shown)
                return safe.Append('…').ToString();
            safe.Append(Rune.IsControl(rune) ? Rune.ReplacementChar : rune);
        }
        return safe.ToString();
    }
}
