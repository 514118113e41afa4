using ElfMmu.Images;
using ElfMmu.Memory;
using Xunit;

namespace ElfMmu.Tests.Images;

/// <summary>The look at a dump's pages that all its spaces share.</summary>
public sealed class ImageHeadsTests : IDisposable
{
    private const int Pages = 4;
    private const ulong PageSize = 4096;

    private readonly Source _source = new();
    private readonly PhysicalMemory _memory;
    private readonly ImageHeads _heads;

    public ImageHeadsTests()
    {
        _memory = new PhysicalMemory([new PhysicalRun(0, _source.Length, _source, 0)]);
        _heads = new ImageHeads(_memory);
    }

    public void Dispose() => _memory.Dispose();

    [Fact]
    public void APageThatCouldNotBeReadIsLookedAtAgain()
    {
        int reads = 0;
        _source.OnRead = offset =>
        {
            if (offset == PageSize && reads++ == 0)
            {
                throw new ElfMmuException("ReadFailed", ErrorKind.ReadError, "The disk was away for a moment.");
            }
        };
        Assert.Equal("ReadFailed", Assert.Throws<ElfMmuException>(() => Look()).ErrorId);
        Assert.Equal([0, PageSize, 2 * PageSize, 3 * PageSize], Look().Select(h => h.PhysicalAddress));
        Assert.Equal(2, reads);
    }

    [Fact]
    public async Task WaitingCanBeCancelled()
    {
        using var looking = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        _source.OnRead = _ =>
        {
            looking.Set();
            go.Wait();
        };
        Task<ImageHead[]> first = Task.Run(() => Look());
        looking.Wait();
        using var stop = new CancellationTokenSource(50);
        Task<ImageHead[]> second = Task.Run(() => Look(stop.Token));
        try
        {
            Assert.Same(second, await Task.WhenAny(second, Task.Delay(TimeSpan.FromSeconds(20))));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
            Assert.False(first.IsCompleted);
        }
        finally
        {
            go.Set();
        }

        Assert.Equal(Pages, (await first).Length);
        Assert.Equal(Pages, Look().Length);
    }

    [Fact]
    public void WhatIsKnownIsNotCopiedAgain()
    {
        ImageHead[] upper = _heads.Look([(2 * PageSize, 2 * PageSize)], CancellationToken.None);
        ImageHead[] all = Look();
        Assert.Equal([2 * PageSize, 3 * PageSize], upper.Select(h => h.PhysicalAddress));
        Assert.Equal([0, PageSize, 2 * PageSize, 3 * PageSize], all.Select(h => h.PhysicalAddress));
        Assert.Same(all, Look());
    }

    private ImageHead[] Look(CancellationToken cancellation = default) => _heads.Look([(0, _source.Length)], cancellation);

    /// <summary>Pages that all start as an ELF file does, read by calls.</summary>
    private sealed class Source : DataSource
    {
        public override string Name => "pages";

        public override ulong Length => Pages * PageSize;

        /// <summary>What happens before a read, by its offset.</summary>
        public Action<ulong>? OnRead { get; set; }

        public override void Read(ulong offset, Span<byte> destination)
        {
            OnRead?.Invoke(offset);
            destination.Clear();
            ReadOnlySpan<byte> start = [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1];
            start.CopyTo(destination);
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}
