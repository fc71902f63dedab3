using System.Globalization;
using System.Text.RegularExpressions;
using Billing.Testing;
using FluentAssertions;
using Xunit;

namespace Billing.Tools.Tests;

/// <summary>The tour in the README prints what the demonstration prints, as far as the files decide it.</summary>
public sealed partial class TourTests
{
    private const int Seed = 1;

    [Theory, InlineData("README.md"), InlineData("README.zh-CN.md")]
    public void Everybody_who_is_taken_over_is_audited(string readme)
    {
        var text = Text(readme);
        var asked = Asked().Matches(text).Select(match => match.Groups[1].Value).Distinct().ToList();
        asked.Should().ContainSingle();
        Audited().Matches(text).Select(match => match.Groups[1].Value).Should().HaveCount(2)
            .And.AllBe(asked[0], "whoever has no money anywhere is in balance, and counted");
    }

    [Fact]
    public void The_files_are_as_the_tour_says()
    {
        var text = Text("README.md");
        var asked = int.Parse(Asked().Match(text).Groups[1].Value, CultureInfo.InvariantCulture);
        using var folder = new Folder();
        var expected = new Generator(asked, Seed, folder.Path).Run();

        var refused = expected.Files.Single(file => file.Name == "accounts.csv").Refused;
        text.Should().Contain(string.Create(
            CultureInfo.InvariantCulture,
            $"accounts.csv: {expected.Accounts:N0} accounts taken over, 0 known, {refused.Count} refused"));
        text.Should().Contain($"line {refused[0].Line}, ");
        text.Should().Contain(string.Create(
            CultureInfo.InvariantCulture, $"  {expected.ElectricityAccounts:N0} accounts = "));
        var parts = Cohort().Match(text).Groups.Values.Skip(1)
            .Select(number => int.Parse(number.Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture));
        parts.Sum().Should().Be(expected.ElectricityAccounts, "a cohort is its invoices and those without one");
    }

    private static string Text(string readme) => File.ReadAllText(Path.Combine(Backend.Root, readme));

    [GeneratedRegex(@"\./billing demo --accounts (\d+) --keep")]
    private static partial Regex Asked();

    [GeneratedRegex(@"trial balance: balanced \((\d+) accounts, 0 fen off\)")]
    private static partial Regex Audited();

    [GeneratedRegex(@"accounts = ([\d,]+) invoices \+ ([\d,]+) held back \+ ([\d,]+) excluded")]
    private static partial Regex Cohort();
}
