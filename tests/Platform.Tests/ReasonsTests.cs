using FluentAssertions;

namespace Billing.Platform.Tests;

/// <summary>What counts as a reason, in all services.</summary>
public sealed class ReasonsTests
{
    [Theory]
    [InlineData("x")]
    [InlineData(" 退费 ")]
    [InlineData("?")]
    [InlineData("½")]
    [InlineData("\t\u0001！")]
    [InlineData("\U0001F4B0")]
    public void A_reason_has_a_visible_character(string text) => Reasons.IsGiven(text).Should().BeTrue();

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("\u3000\u00A0\u2003")]
    [InlineData("\r\n\t\u0001\u007F\u0085")]
    [InlineData("\u200B\uFEFF\u2060\u00AD\u200E")]
    [InlineData("\u2800\u3164\u115F\u1160\uFFA0")]
    [InlineData("\u0301")]
    [InlineData("\uD83D")]
    [InlineData("reason\0")]
    public void What_nobody_can_see_or_store_is_no_reason(string text) => Reasons.IsGiven(text).Should().BeFalse();

    [Fact]
    public void A_reason_has_so_many_characters_at_most()
    {
        Reasons.IsGiven(new string('x', Reasons.Longest)).Should().BeTrue();
        Reasons.IsGiven(new string('x', Reasons.Longest + 1)).Should().BeFalse();
        Reasons.IsGiven(new string('x', 400), longest: 400).Should().BeTrue();
    }
}
