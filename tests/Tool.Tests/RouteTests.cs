using FluentAssertions;
using Xunit;

namespace Billing.Tools.Tests;

/// <summary>What a person types, or a file says, names a thing and never another address.</summary>
public sealed class RouteTests
{
    private static readonly Uri Service = new("http://127.0.0.1:5103");

    [Theory]
    [InlineData("../customers/C10000005")]
    [InlineData("%2e%2e/customers/C10000005")]
    [InlineData("%252e%252e")]
    [InlineData("E1/explain?x=")]
    [InlineData("E1#")]
    [InlineData(@"..\customers")]
    [InlineData("//example.com/x")]
    [InlineData("http://example.com/x")]
    [InlineData("..;/customers")]
    [InlineData("张三 1\r\nHost: x")]
    public void It_stays_one_part_of_the_path(string invoice)
    {
        var address = new Uri(Service, Of($"/invoices/{invoice}/explain"));

        address.Authority.Should().Be(Service.Authority);
        address.Query.Should().BeEmpty();
        address.Segments.Should().HaveCount(4).And.StartWith(["/", "invoices/"]).And.EndWith("explain");
        Uri.UnescapeDataString(address.Segments[2]).Should().Be(invoice + "/");
    }

    [Theory, InlineData(""), InlineData("."), InlineData(".."), InlineData("...")]
    public void What_no_escape_would_hide_is_refused(string invoice)
    {
        var writing = () => Of($"/invoices/{invoice}/explain");
        writing.Should().Throw<Exception>().WithMessage($"'{invoice}' is no name*");
    }

    [Fact]
    public void Paths_go_on_from_others_and_dates_have_their_form()
    {
        Route day = $"/partners/{"icbc"}/days/{new DateOnly(2026, 11, 6):yyyyMMdd}";
        Of($"{day}/reconciliation").Should().Be("/partners/icbc/days/20261106/reconciliation");
    }

    private static string Of(Route route) => route.ToString();
}
