using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Billing.Customers;

/// <summary>
/// Wraps all data keys with the newest master key, after one was added to the configuration; then the former master
/// keys can be taken away. What is sealed stays as it is.
/// </summary>
public static class RewrapKeys
{
    public static void MapRewrapKeys(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/customer-keys/rewrapping", Handle)
            .WithName(nameof(RewrapKeys)).RequireRight(Right.RewrapKeys)
            .WithSummary("Wraps the keys of all customers with the newest master key.");

    private static async Task<Ok<RewrappedKeys>> Handle(CustomerKeys keys, CancellationToken cancellation) =>
        TypedResults.Ok(new RewrappedKeys(await keys.Rewrap(cancellation)));
}
