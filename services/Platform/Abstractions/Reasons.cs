using System.Text;

namespace Billing.Platform;

/// <summary>Reasons are read by people years later, so a reason must have at least one visible character.</summary>
public static class Reasons
{
    /// <summary>The maximum length of an ordinary reason, characters.</summary>
    public const int Longest = 200;

    /// <summary>Characters that Unicode classes as letters or symbols but that are displayed as blank.</summary>
    private static readonly Rune[] Blank =
        [new(0x115F), new(0x1160), new(0x2800), new(0x3164), new(0xFFA0), Rune.ReplacementChar];

    /// <summary>
    /// Whether a text is a reason: at most <paramref name="longest"/> characters, inclusive, of which at least one is
    /// visible. White space, control and formatting characters are not visible; a text with a NUL character cannot be
    /// stored and is none.
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
