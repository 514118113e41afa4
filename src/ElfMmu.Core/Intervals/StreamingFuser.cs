using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace ElfMmu.Intervals;

/// <summary>
/// Fuses intervals that come sorted by start, and hands every result to a sink as soon as nothing that may still come can
/// extend it or precede it. <see cref="IntervalFuser"/> says what the result is.
/// </summary>
/// <remarks>
/// <para>Time: O(1) per item on average, and O(m log m) for every m results with the same start.</para>
/// <para>Memory: the intervals that are waiting. An interval waits while it, or one that starts no later, can still grow: so at
/// most two for input that doesn't overlap, however long it is; otherwise at most those that touch the first one that is still
/// growing, for the order of the results demands that it goes before them. Nothing is allocated per item.</para>
/// <para>When the sink throws, the exception passes through and the fuser must not be used any more. Not for use by two
/// threads at once.</para>
/// </remarks>
/// <typeparam name="TTag">What the caller carries along.</typeparam>
/// <typeparam name="TMerger">Merges the tags of what is fused.</typeparam>
public sealed class StreamingFuser<TTag, TMerger>
    where TMerger : struct, ITagMerger<TTag>
{
    // Up to this many waiting intervals a scan finds one of a class faster than a hash table; almost all input stays below.
    private const int Few = 8;

    private static readonly Comparison<FuseItem<TTag>> ByResultOrder = static (a, b) => FuseItem<TTag>.Compare(in a, in b);

    private readonly FuseBy _by;
    private readonly Dictionary<FuseKey, long> _newest = [];
    private TMerger _merger;
    private Interval _previous;

    // The waiting intervals, in order of start, are _waiting[_head.._tail]. The number of an interval, _base plus its index,
    // stays the same when they are moved to the front; none is kept when nothing waits.
    private FuseItem<TTag>[] _waiting = new FuseItem<TTag>[2 * Few];
    private int _head;
    private int _tail;
    private long _base;

    // So many from _head on are known to be finished; they all have the same start.
    private int _finished;

    // Whether _newest has, for every class, the number of its newest waiting interval; otherwise it's empty.
    private bool _indexed;

    /// <summary>Makes a fuser. O(1).</summary>
    /// <param name="by">What fused intervals must agree on.</param>
    /// <param name="merger">Merges the tags of what is fused.</param>
    public StreamingFuser(FuseBy by, TMerger merger = default)
    {
        _by = by;
        _merger = merger;
    }

    /// <summary>How many intervals are waiting.</summary>
    internal int OpenCount => _tail - _head;

    /// <summary>Adds the next item and emits what is finished by that. Costs: see the remarks of the class.</summary>
    /// <typeparam name="TSink">The sink.</typeparam>
    /// <param name="item">The item; it starts nowhere below the one added before it.</param>
    /// <param name="sink">Takes the results, in their order.</param>
    /// <exception cref="ElfMmuException"><c>IntervalNotSorted</c>: the item starts below the one before it. Nothing was
    /// changed, and the next item may be added.</exception>
    public void Add<TSink>(in FuseItem<TTag> item, ref TSink sink)
        where TSink : struct, IFuseSink<TTag>, allows ref struct
    {
        ulong start = item.Interval.Start;
        if (start < _previous.Start)
        {
            ThrowNotSorted(item.Interval, _previous);
        }

        _previous = item.Interval;
        if (_head + _finished < _tail && IsFinished(_waiting[_head + _finished], start))
        {
            EmitFinished(start, ref sink);
        }

        FuseKey key = FuseKey.Of(in item, _by);
        int index = FindNewest(in key);
        if (index >= 0 && !IsFinished(_waiting[index], start))
        {
            _waiting[index] = FuseItem<TTag>.Merge(in _waiting[index], in item, ref _merger);
        }
        else
        {
            Append(in item, in key);
        }
    }

    /// <summary>
    /// Says that nothing more comes: emits all that is waiting. The fuser is then as new. O(m log m) for m waiting intervals.
    /// </summary>
    /// <typeparam name="TSink">The sink.</typeparam>
    /// <param name="sink">Takes the results, in their order.</param>
    public void Complete<TSink>(ref TSink sink)
        where TSink : struct, IFuseSink<TTag>, allows ref struct
    {
        if (_head < _tail)
        {
            EmitHead(_tail - _head, ref sink);
        }

        _previous = default;
    }

    /// <summary>Whether nothing from a start on can extend an interval that starts no later.</summary>
    private static bool IsFinished(in FuseItem<TTag> item, ulong start) =>
        item.Interval.Last < start && item.Interval.Last + 1 < start;

    [DoesNotReturn]
    private static void ThrowNotSorted(Interval item, Interval previous) => throw new ElfMmuException(
        "IntervalNotSorted",
        ErrorKind.InvalidArgument,
        $"The interval {item} was added after {previous}, which starts later; add intervals in ascending order of their "
            + "starts, or fuse them as a whole.");

    private void EmitFinished<TSink>(ulong start, ref TSink sink)
        where TSink : struct, IFuseSink<TTag>, allows ref struct
    {
        // Results with the same start are ordered by their last address, so all of them must be finished before any is
        // emitted. Every interval is passed here once: what is finished stays it.
        while (_head + _finished < _tail)
        {
            ref readonly FuseItem<TTag> next = ref _waiting[_head + _finished];
            if (_finished != 0 && next.Interval.Start != _waiting[_head].Interval.Start)
            {
                EmitHead(_finished, ref sink);
            }
            else if (IsFinished(in next, start))
            {
                _finished++;
            }
            else
            {
                return;
            }
        }

        // A finished interval starts below the item that finished it, and so no later item starts with it.
        EmitHead(_finished, ref sink);
    }

    private void EmitHead<TSink>(int count, ref TSink sink)
        where TSink : struct, IFuseSink<TTag>, allows ref struct
    {
        Span<FuseItem<TTag>> span = _waiting.AsSpan(_head, count);
        if (_indexed)
        {
            Forget(span, _base + _head + count);
        }

        if (count > 1)
        {
            span.Sort(ByResultOrder);
        }

        foreach (ref readonly FuseItem<TTag> item in span)
        {
            sink.Emit(in item);
        }

        if (RuntimeHelpers.IsReferenceOrContainsReferences<TTag>())
        {
            span.Clear();
        }

        _head += count;
        _finished = 0;
        if (_head == _tail)
        {
            _head = _tail = 0;
        }

        if (_indexed && _tail - _head <= Few / 2)
        {
            // Removed one by one, because Clear costs as much as the table was ever large.
            Forget(_waiting.AsSpan(_head, _tail - _head), _base + _tail);
            _indexed = false;
        }
    }

    /// <summary>Takes intervals out of the index, except classes that have a newer one from a number on.</summary>
    private void Forget(ReadOnlySpan<FuseItem<TTag>> items, long endNumber)
    {
        foreach (ref readonly FuseItem<TTag> item in items)
        {
            FuseKey key = FuseKey.Of(in item, _by);
            if (_newest.TryGetValue(key, out long number) && number < endNumber)
            {
                _newest.Remove(key);
            }
        }
    }

    private int FindNewest(in FuseKey key)
    {
        if (_indexed)
        {
            return _newest.TryGetValue(key, out long number) ? (int)(number - _base) : -1;
        }

        int index = _tail - 1;
        while (index >= _head && FuseKey.Of(in _waiting[index], _by) != key)
        {
            index--;
        }

        return index >= _head ? index : -1;
    }

    private void Append(in FuseItem<TTag> item, in FuseKey key)
    {
        if (_tail == _waiting.Length)
        {
            MakeRoom();
        }

        _waiting[_tail] = item;
        if (_indexed)
        {
            _newest[key] = _base + _tail;
        }

        _tail++;
        if (!_indexed && _tail - _head > Few)
        {
            _indexed = true;
            for (int index = _head; index < _tail; index++)
            {
                _newest[FuseKey.Of(in _waiting[index], _by)] = _base + index;
            }
        }
    }

    private void MakeRoom()
    {
        // Moving pays only when it frees half of the room: then every interval is moved once on average.
        int count = _tail - _head;
        FuseItem<TTag>[] room = count <= _waiting.Length / 2 ? _waiting : new FuseItem<TTag>[_waiting.Length * 2];
        Array.Copy(_waiting, _head, room, 0, count);
        if (room == _waiting && RuntimeHelpers.IsReferenceOrContainsReferences<TTag>())
        {
            Array.Clear(room, count, _tail - count);
        }

        _waiting = room;
        _base += _head;
        _head = 0;
        _tail = count;
    }
}
