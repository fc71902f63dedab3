using System.Text;

namespace Billing.Platform;

/// <summary>
/// Reasons are for people who look a decision up years later, so one that nobody can see is none.
/// </summary>
public static class Reasons
{
    /// <summary>The most characters of an ordinary reason.</summary>
    public const int Longest = 200;

    /// <summary>Letters that Unicode counts as letters or symbols, and that are drawn as nothing.</summary>
    private static readonly Rune[] Blank =
        [new(0x115F), new(0x1160), new(0x2800), new(0x3164), new(0xFFA0), Rune.ReplacementChar];

    /// <summary>
    /// Whether a text is a reason: at most so many characters, inclusive, of which at least one is visible. Spaces of
    /// every width, control and formatting characters are not; a zero character can nowhere be stored.
    /// </summary>
    public static bool IsGiven(string text, int longest = Longest)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length <= longest && !text.Contains('\0') && text.EnumerateRunes().Any(IsVisible);
    }

    private static bool IsVisible(Rune character) => !Blank.Contains(character) &&
        (Rune.IsLetterOrDigit(character) || Rune.IsNumber(character) || Rune.IsPunctuation(character)
            || Rune.IsSymbol(character));
}
