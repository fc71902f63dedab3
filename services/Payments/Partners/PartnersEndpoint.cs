using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Billing.Payments;

public static class PartnersEndpoint
{
    public static void MapPartners(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/partners/{partner}", Get).WithName("Partner").RequireRight(Right.ReadPartners)
            .WithSummary("Returns a partner and its terms.")
            .Refuses(Partners.Unknown);

    private static async Task<Results<Ok<PartnerTerms>, ProblemHttpResult>> Get(
        string partner, Partners partners, IOptions<PartnerEdgeOptions> options, CancellationToken cancellation) =>
        await partners.Find(partner, cancellation) is { } found
            ? TypedResults.Ok(found.ToTerms(options.Value.Limits))
            : Partners.Unknown.ToProblem();
}
