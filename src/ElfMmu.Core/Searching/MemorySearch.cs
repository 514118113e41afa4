using ElfMmu.Dumps;
using ElfMmu.Memory;
using ElfMmu.Reading;
using ElfMmu.Spaces;

namespace ElfMmu.Searching;

/// <summary>
/// Searches address spaces and physical memory. The physical memory behind a space is searched once, however often it is mapped, with all
/// processors and in place; a hit is given for every virtual address at which all of it is contiguous. Regular expressions are applied to
/// what virtual memory has there, which may be the same memory more than once, for each as if its contiguous parts were texts of their own.
/// </summary>
/// <remarks>
/// Hits come while the search goes on: in ascending order of physical addresses, those of one byte in ascending order of virtual
/// addresses, then in the order of the patterns. Hits of bytes, text, values and pointers are given at every position, also when they overlap;
/// those of one regular expression are what one scan of each contiguous part finds from its start on, so they don't overlap at their addresses.
/// What is damaged in the dump matches nothing: hits that reach into it are left out. O(bytes + hits), O(mappings) memory.
/// </remarks>
public static class MemorySearch
{
    // More threads than these wait for memory.
    private const int MostThreads = 16;

    /// <summary>Searches an address space.</summary>
    /// <param name="space">The space; its dump stays open until the last hit was taken.</param>
    /// <param name="request">What to search for; limits may be tagged addresses.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <returns>The hits, to be enumerated once. Ending early ends the search.</returns>
    /// <exception cref="ElfMmuException">
    /// <c>PatternRequired</c>, <c>ValueInvalid</c>, <c>PatternTooSlow</c>, <c>ReadFailed</c>, and what walking the space throws.
    /// </exception>
    public static IEnumerable<SearchHit> Find(AddressSpace space, SearchRequest request, CancellationToken cancellation = default) =>
        Find(
            space.Dump,
            SpaceCache.Of(space.Dump).Map(space, cancellation),
            request with { MinimumAddress = space.Untag(request.MinimumAddress), MaximumAddress = space.Untag(request.MaximumAddress) },
            cancellation);

    /// <summary>The same in a space that was walked already.</summary>
    /// <param name="dump">The dump.</param>
    /// <param name="map">The space's mappings.</param>
    /// <param name="request">What to search for; limits have no tags.</param>
    /// <param name="cancellation">Ends the search.</param>
    public static IEnumerable<SearchHit> Find(
        MemoryDump dump, SpaceMap map, SearchRequest request, CancellationToken cancellation = default)
    {
        Check(request);
        return Run(dump, map, SearchScope.Of(map, request), DataModel.Of(map.Space), request, cancellation);
    }

    /// <summary>Searches the physical memory of a dump.</summary>
    /// <param name="dump">The dump, which stays open until the last hit was taken.</param>
    /// <param name="request">What to search for; its rights don't count.</param>
    /// <param name="cancellation">Ends the search.</param>
    public static IEnumerable<SearchHit> FindPhysical(MemoryDump dump, SearchRequest request, CancellationToken cancellation = default)
    {
        Check(request);
        return Run(dump, null, SearchScope.Of(dump.Memory, request), DataModel.Of(dump), request, cancellation);
    }

    private static void Check(SearchRequest request)
    {
        if (request.Patterns.Count == 0)
        {
            throw new ElfMmuException("PatternRequired", ErrorKind.InvalidArgument, "There is nothing to search for. Give a pattern.");
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)request.ContextBefore, (uint)SearchRequest.MostContext);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)request.ContextAfter, (uint)SearchRequest.MostContext);
    }

    private static IEnumerable<SearchHit> Run(
        MemoryDump dump, SpaceMap? map, SearchScope scope, DataModel model, SearchRequest request, CancellationToken cancellation)
    {
        // An alignment of virtual addresses can be relied on while searching only as far as the physical ones share it.
        int[] alignments = [.. request.Patterns.Select(p => p.Compile(model).Alignment)];
        IMatcher[] matchers = [.. request.Patterns.Select(p => p.Compile(model, scope.Alignment))];
        var text = new PhysicalText(dump.Memory);
        var scanner = new WindowScanner(scope, text, matchers);
        var builder = new HitBuilder(dump, map, request);
        Func<ulong, ulong>? holeEnd = text.HasHoles && !Array.Exists(matchers, m => m.MayBeZeros(cancellation)) ? text.HoleEnd : null;
        return Search().SelectMany(found => Hits(found.Window, found.Matches));

        IEnumerable<(SearchWindow Window, MatchBuffer Matches)> Search()
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            CancellationToken token = stop.Token;
            int ahead = 2 * Math.Min(Environment.ProcessorCount, MostThreads);
            var pending = new Queue<(SearchWindow Window, Task<MatchBuffer> Task)>();
            using IEnumerator<SearchWindow> windows = scope.Windows(holeEnd, matchers.Max(m => m.MostLength)).GetEnumerator();
            try
            {
                while (true)
                {
                    cancellation.ThrowIfCancellationRequested();
                    while (pending.Count < ahead && windows.MoveNext())
                    {
                        SearchWindow next = windows.Current;
                        pending.Enqueue((next, Task.Run(() => scanner.Scan(next, 0, token), CancellationToken.None)));
                    }

                    if (!pending.TryPeek(out (SearchWindow Window, Task<MatchBuffer> Task) first))
                    {
                        yield break;
                    }

                    Task.WaitAny([first.Task], cancellation);
                    pending.Dequeue();
                    MatchBuffer matches = first.Task.GetAwaiter().GetResult();
                    yield return (first.Window, matches);

                    // Where there are very many hits, giving them takes longer than searching on does.
                    while (matches.Limit != int.MaxValue)
                    {
                        matches = scanner.Scan(first.Window, matches.Limit, cancellation);
                        yield return (first.Window, matches);
                    }

                    request.Progress?.Invoke(first.Window.Done, scope.Size);
                }
            }
            finally
            {
                // Whoever ends the search may close the dump, which nobody must be reading then.
                stop.Cancel();
                foreach ((_, Task<MatchBuffer> task) in pending)
                {
                    ((IAsyncResult)task).AsyncWaitHandle.WaitOne();
                    _ = task.Exception;
                }
            }
        }

        IEnumerable<SearchHit> Hits(SearchWindow window, MatchBuffer matches)
        {
            var places = new List<(ulong Address, int Pattern, int Length)>();
            for (int i = 0; i < matches.Count;)
            {
                int offset = matches.Matches[i].Offset;
                ulong physical = window.Start + (ulong)offset;
                places.Clear();
                for (; i < matches.Count && matches.Matches[i].Offset == offset; i++)
                {
                    cancellation.ThrowIfCancellationRequested();
                    Add(matches.Matches[i], physical, places);
                }

                places.Sort();
                foreach ((ulong address, int pattern, int length) in places)
                {
                    cancellation.ThrowIfCancellationRequested();
                    if (builder.Make(address, physical, length, request.Patterns[pattern]) is { } hit)
                    {
                        yield return hit;
                    }
                }
            }
        }

        void Add(in Match match, ulong physical, List<(ulong Address, int Pattern, int Length)> places)
        {
            ulong aligned = (ulong)alignments[match.Pattern] - 1;
            if (match.IsAt)
            {
                if ((match.Virtual & aligned) == 0)
                {
                    places.Add((match.Virtual, match.Pattern, match.Length));
                }

                return;
            }

            ulong last = physical + (ulong)(match.Length - 1);
            foreach (int number in scope.Find(physical, physical))
            {
                ref readonly Strand strand = ref scope.Strands[number];
                ulong address = strand.Virtual + (physical - strand.Physical);
                if (strand.LastPhysical >= last && (address & aligned) == 0)
                {
                    places.Add((address, match.Pattern, match.Length));
                }
            }
        }
    }
}
