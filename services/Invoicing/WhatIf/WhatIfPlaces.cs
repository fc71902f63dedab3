namespace Billing.Invoicing;

/// <summary>How many what-ifs this process answers at a time: each keeps a core and a connection for itself.</summary>
public sealed class WhatIfPlaces : IDisposable
{
    private readonly SemaphoreSlim _places = new(2);

    /// <summary>Whether another one has to come again later.</summary>
    public bool AreTaken => _places.CurrentCount == 0;

    /// <summary>Waits for a place.</summary>
    public Task Enter(CancellationToken cancellation) => _places.WaitAsync(cancellation);

    /// <summary>Gives it back.</summary>
    public void Leave() => _places.Release();

    /// <inheritdoc/>
    public void Dispose() => _places.Dispose();
}
