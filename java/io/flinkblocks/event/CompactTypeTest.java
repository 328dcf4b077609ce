package io.flinkblocks.event;

import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeInformationTestBase;

class CompactTypeTest extends TypeInformationTestBase<TypeInformation<?>> {
  @Override
  protected TypeInformation<?>[] getTestData() {
    return new TypeInformation<?>[] {Event.TYPE, SourceRecord.TYPE};
  }
}
