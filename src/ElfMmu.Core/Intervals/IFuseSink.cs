namespace ElfMmu.Intervals;

/// <summary>
/// Takes the results of a <see cref="StreamingFuser{TTag, TMerger}"/>. Implemented by structs, so that the call is inlined.
/// </summary>
/// <typeparam name="TTag">The tag.</typeparam>
public interface IFuseSink<TTag>
{
    /// <summary>Takes the next finished interval. Must not call the fuser that calls it.</summary>
    /// <param name="item">The interval; valid only during the call, so copy what is to stay.</param>
    void Emit(in FuseItem<TTag> item);
}
