import { activities } from './actions.ts'
import type { Action } from './actions.ts'
import { rooms, townPlaces } from './places.ts'
import type { Place } from './places.ts'
import { table } from './word.ts'

/** An activity and a place where people do it. */
export interface Setting {
  readonly activity: Action
  readonly place: Place
}

/** 在公园里散步, take a walk in the park. */
export const settings: readonly Setting[] = table(`
  打篮球 | 公园 学校 体育馆
  打网球 | 公园 学校 体育馆
  踢足球 | 公园 学校 大学
  弹钢琴 | 客厅 教室 酒店
  弹吉他 | 公园 客厅 花园 咖啡馆
  下棋 | 公园 客厅 花园
  听音乐 | 卧室 客厅 花园 咖啡馆 公园
  听广播 | 厨房 卧室 客厅
  看电视 | 客厅 卧室 酒店
  看书 | 图书馆 书店 花园 公园 咖啡馆 教室
  看报纸 | 办公室 花园 客厅 图书馆
  写信 | 办公室 卧室 咖啡馆 图书馆
  画画 | 公园 花园 教室 博物馆
  唱歌 | 公园 教室 花园 客厅
  跳舞 | 公园 客厅 体育馆
  跑步 | 公园 体育馆 学校
  散步 | 公园 花园 大学
  拍照 | 公园 花园 动物园 博物馆 机场
  骑自行车 | 公园 大学
  学习 | 图书馆 教室 咖啡馆 大学
  休息 | 公园 花园 办公室 客厅 酒店
  买东西 | 超市 市场
  学英语 | 学校 大学 教室
  学中文 | 学校 大学 教室
  遛狗 | 公园
  喂猫 | 花园 厨房
  做饭 | 厨房
  洗碗 | 厨房
`).flatMap(([activityName, placeNames = '']) =>
  placeNames.split(' ').flatMap((placeName) => {
    const activity = activities.find(({ chinese }) => chinese === activityName)
    const place = [...townPlaces, ...rooms].find(({ chinese }) => chinese === placeName)
    return activity === undefined || place === undefined ? [] : [{ activity, place }]
  }),
)
