#pragma once
// The fields of the log, of exhibits and of seals; codec_fields.hpp has the others.

#include "lmdb/codec_fields.hpp"

namespace bailiff::lmdb {

template <class Walk, Of<Leaf> T>
void describe(Walk& walk, T& leaf) {
    walk(leaf.kind);
    walk(leaf.subject);
    walk(leaf.digest);
    walk(leaf.at);
    walk(leaf.salt);
}

template <class Walk, Of<Exhibit> T>
void describe(Walk& walk, T& exhibit) {
    walk(exhibit.path);
    walk(exhibit.digest);
    walk(exhibit.size);
}

template <class Walk, Of<Seal> T>
void describe(Walk& walk, T& seal) {
    walk(seal.number);
    walk(seal.at);
    walk(seal.bag_info);
    walk(seal.manifest);
    walk(seal.tag_manifest);
    walk(seal.signature);
    walk(seal.salt);
    walk(seal.leaf);
    walk(seal.stamp);
    walk(seal.stamp_chain);
    walk(seal.stamped);
}

}  // namespace bailiff::lmdb
