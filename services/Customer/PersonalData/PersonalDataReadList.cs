using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Billing.Customers;

/// <summary>Who has read personal data, and why.</summary>
public static class PersonalDataReadList
{
    private const int LongestReader = 200;

    public static void MapPersonalDataReads(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/personal-data-reads", List)
            .WithName("PersonalDataReads").RequireRight(Right.ReadPersonalDataReads)
            .WithSummary("Lists who has read personal data and why, oldest first.")
            .Refuses(AccountList.LimitInvalid);

    private static async Task<Results<Ok<PersonalDataReadPage>, ProblemHttpResult>> List(
        PersonalDataReads reads, CancellationToken cancellation, CustomerNo? customer = null, string? reader = null,
        Guid? after = null, int limit = 100)
    {
        if (limit is < 1 or > AccountList.LargestPage)
            return AccountList.LimitInvalid.ToProblem();
        var page = reader?.Length > LongestReader
            ? []
            : await reads.Page(customer?.Value, reader, after ?? Guid.Empty, limit, cancellation);
        return TypedResults.Ok(new PersonalDataReadPage(page, page.Count == limit ? page[^1].Id : null));
    }
}
