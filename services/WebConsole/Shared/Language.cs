using System.Globalization;
using Billing.Contracts;

namespace Billing.WebConsole;

/// <summary>The language of a page. The two wordings of a sentence are next to each other where it is used.</summary>
public sealed record Language(string Tag)
{
    private static readonly TimeSpan China = TimeSpan.FromHours(8);

    public static readonly Language Chinese = new("zh-CN"), English = new("en");

    /// <summary>The value of <c>lang</c> in the query string.</summary>
    public string Short => Tag[..2];

    /// <summary>
    /// The language requested in the query string, by a person or by the application that led here, or else by the
    /// browser; Chinese when nobody says.
    /// </summary>
    public static Language Of(HttpRequest request)
    {
        var asked = $"{request.Query["lang"]}" is { Length: > 0 } lang ? lang : $"{request.Query["ui_locales"]}";
        var wanted = asked.Length > 0 ? [asked] : request.GetTypedHeaders().AcceptLanguage
            .OrderByDescending(language => language.Quality ?? 1).Select(language => language.Value.ToString());
        foreach (var tag in wanted)
        {
            if (tag.StartsWith("zh", StringComparison.OrdinalIgnoreCase))
                return Chinese;
            if (tag.StartsWith("en", StringComparison.OrdinalIgnoreCase))
                return English;
        }
        return Chinese;
    }

    /// <summary>The wording in this language.</summary>
    public string Say(string zh, string en) => this == Chinese ? zh : en;

    /// <summary>Formats an amount as yuan with two decimals.</summary>
    public static string Yuan(Money money) => money.Yuan.ToString("#,##0.00", CultureInfo.InvariantCulture);

    /// <summary>Formats a whole number.</summary>
    public static string Number(double number) => number.ToString("#,##0", CultureInfo.InvariantCulture);

    /// <summary>Formats a percentage; a dash when there is none.</summary>
    public static string Percent(decimal? percent) =>
        percent is { } value ? value.ToString("0.0", CultureInfo.InvariantCulture) + "%" : "–";

    /// <summary>Formats a moment in China time.</summary>
    public static string Time(DateTimeOffset moment) =>
        moment.ToOffset(China).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>Formats a day.</summary>
    public static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
